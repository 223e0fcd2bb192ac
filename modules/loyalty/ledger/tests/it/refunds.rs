//! Refunds take back what the rest of a purchase would not have earned.

use socle_kernel::{Classify, Money};
use socle_ledger::{Error, Refund};

use crate::world::{ALICE, BOB, World, amount, code, currency, dollars, legs, only, rules};

#[tokio::test]
async fn refunds_in_part_take_back_points_until_nothing_is_left() {
    let world = World::new().await;
    let bought = world.bought(ALICE, "2029-06-15", "29.33").await;

    let first = world.refund(bought.id, "10.00").await.expect("refunded");
    let second = world.refund(bought.id, "0.30").await.expect("refunded");
    let too_much = world.refund(bought.id, "19.04").await.expect_err("refused");
    let last = world.refund(bought.id, "19.03").await.expect("refunded");

    let refunded = [first, second, last].map(|it| (it.refunded, it.refunded_points));
    let expected = [(1_000, 10), (1_030, 10), (2_933, 29)];
    assert_eq!(refunded, expected.map(|(sum, points)| (amount(sum), amount(points))));
    assert_eq!(too_much.class().1, "ledger.refund-too-large");
    assert!(matches!(too_much, Error::RefundTooLarge { left } if left == amount(1_903)));
    assert_eq!((world.available(ALICE).await, world.debt(ALICE).await), (0, 0));
    assert_eq!(world.held_by(world.system().issuance.id).await, 0);
    let stored = world.ledger.purchase(&world.cx, bought.id).await.expect("found");
    assert_eq!((stored.refunded, stored.refunded_points), (amount(2_933), amount(29)));
}

#[tokio::test]
async fn a_refund_takes_the_points_of_its_own_purchase_first() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "10.00").await;
    let bought = world.bought(ALICE, "2029-07-15", "20.00").await;

    world.refund(bought.id, "5.00").await.expect("refunded");

    let (cx, customer) = (&world.cx, crate::world::customer(ALICE));
    let lots = world.ledger.open_lots(cx, &world.programme, &customer, cx.now).await;
    let left: Vec<_> = lots.expect("lots").iter().map(|it| it.free.minor()).collect();
    assert_eq!(left, [10, 15]);
}

#[tokio::test]
async fn what_has_been_spent_becomes_a_debt_that_the_next_points_pay_off() {
    let world = World::new().await;
    let bought = world.bought(ALICE, "2029-06-15", "30.00").await;
    world.burn(&world.cx, ALICE, 25).await.expect("spent");

    let refunded = world.refund(bought.id, "30.00").await.expect("refunded");

    assert_eq!(refunded.refunded_points, amount(30));
    assert_eq!((world.available(ALICE).await, world.debt(ALICE).await), (0, -25));
    let later = world.purchase(ALICE, "2029-08-01", "40.00");
    let receipt = world.earn(later).await.expect("points are given");
    let accounts = world.customers(ALICE);
    assert_eq!(
        legs(only(&receipt)),
        [
            (accounts.debt.id, 25, 0),
            (accounts.points.id, 15, 15),
            (world.system().issuance.id, -40, -40)
        ]
    );
    assert_eq!((world.available(ALICE).await, world.debt(ALICE).await), (15, 0));
}

#[tokio::test]
async fn the_same_refund_told_again_changes_nothing() {
    let world = World::new().await;
    let bought = world.bought(ALICE, "2029-06-15", "29.33").await;
    let refund = world.refund_of(bought.id, "29.33");
    let refund_id = refund.id;
    let first = world.ledger.refund(&world.cx, refund.clone()).await.expect("refunded");

    let again = world.ledger.refund(&world.cx, refund.clone()).await.expect("a replay");
    let other = Refund { amount: dollars("1.00"), ..refund };

    assert_eq!(only(&first).id, refund_id);
    assert_eq!((&again.posted, first.replay_of), (&first.posted, None));
    assert_eq!(again.replay_of, Some(world.cx.correlation));
    assert_eq!(code(world.ledger.refund(&world.cx, other).await), "ledger.key-reused");
    assert_eq!(world.transactions().await, 2);
}

#[tokio::test]
async fn a_refund_that_is_refused_leaves_its_identifier_free() {
    let world = World::new().await;
    let bought = world.bought(ALICE, "2029-06-15", "29.33").await;
    let refund = world.refund_of(bought.id, "29.34");

    assert_eq!(
        code(world.ledger.refund(&world.cx, refund.clone()).await),
        "ledger.refund-too-large"
    );
    let right = Refund { amount: dollars("29.33"), ..refund };
    world.ledger.refund(&world.cx, right).await.expect("refunded");

    let stored = world.ledger.purchase(&world.cx, bought.id).await.expect("found");
    assert_eq!(stored.refunded_points, amount(29));
}

#[tokio::test]
async fn a_refund_of_cents_that_earned_nothing_moves_nothing() {
    let world = World::new().await;
    let bought = world.bought(ALICE, "2029-06-15", "29.33").await;
    let small = world.bought(BOB, "2029-06-15", "0.50").await;

    let refund = world.refund_of(bought.id, "0.33");
    let first = world.ledger.refund(&world.cx, refund.clone()).await.expect("refunded");
    let again = world.ledger.refund(&world.cx, refund).await.expect("a replay");
    let other = world.refund(small.id, "0.50").await.expect("refunded");

    assert_eq!((first.posted.len(), again.posted.len(), again.is_replay()), (0, 0, true));
    assert_eq!((other.refunded, other.refunded_points), (amount(50), amount(0)));
    let stored = world.ledger.purchase(&world.cx, bought.id).await.expect("found");
    assert_eq!((stored.refunded, stored.refunded_points), (amount(33), amount(0)));
    assert_eq!(world.transactions().await, 1);
}

#[tokio::test]
async fn what_falls_below_the_minimum_gives_back_all_its_points() {
    let rules = socle_ledger::NewProgramme { minimum: amount(1_000), ..rules("From ten") };
    let world = World::with(rules).await;
    let bought = world.bought(ALICE, "2029-06-15", "12.00").await;

    let refunded = world.refund(bought.id, "2.01").await.expect("refunded");

    assert_eq!(refunded.refunded_points, amount(12));
    assert_eq!(world.available(ALICE).await, 0);
}

#[tokio::test]
async fn a_refund_is_positive_and_in_the_programme_s_currency() {
    let world = World::new().await;
    let bought = world.bought(ALICE, "2029-06-15", "29.33").await;
    let euros = Money { currency: currency("EUR"), ..dollars("1.00") };
    let foreign = Refund { amount: euros, ..world.refund_of(bought.id, "1.00") };

    assert_eq!(code(world.refund(bought.id, "0").await), "ledger.purchase-negative");
    assert_eq!(code(world.refund(bought.id, "-1").await), "ledger.purchase-negative");
    assert_eq!(code(world.ledger.refund(&world.cx, foreign).await), "ledger.currency-differs");

    let stored = world.ledger.purchase(&world.cx, bought.id).await.expect("found");
    assert_eq!((stored.refunded, world.transactions().await), (amount(0), 1));
}

#[tokio::test]
async fn refunds_at_the_same_time_take_back_no_more_than_the_purchase() {
    let world = World::new().await;
    let bought = world.bought(ALICE, "2029-06-15", "30.00").await;

    let (a, b, c) = tokio::join!(
        world.refund(bought.id, "20.00"),
        world.refund(bought.id, "20.00"),
        world.refund(bought.id, "20.00"),
    );

    let done = [a, b, c].into_iter().flatten().count();
    assert_eq!((done, world.available(ALICE).await), (1, 10));
}
