//! Purchases give points, once.

use socle_books::Memo;
use socle_ledger::{NewPurchase, Purchase};

use crate::world::{
    ALICE, World, amount, balance, code, currency, customer, day, dollars, end, legs, noon, only,
};

#[tokio::test]
async fn a_purchase_gives_points_on_its_own_date() {
    let world = World::new().await;
    let memo = Memo {
        reason: Some("till 4".to_owned()),
        metadata: vec![("shop".to_owned(), "north".to_owned())],
    };
    let purchase =
        NewPurchase { memo: memo.clone(), ..world.purchase(ALICE, "2029-06-15", "29.33") };

    let receipt = world.earn(purchase.clone()).await.expect("points are given");

    let (points, issuance) = (world.customers(ALICE).points.id, world.system().issuance.id);
    let posted = only(&receipt);
    assert_eq!(legs(posted), [(points, 29, 29), (issuance, -29, -29)]);
    assert_eq!((posted.id, posted.number), (purchase.transaction(), 1));
    assert_eq!((posted.kind.as_str(), posted.reverses, posted.hold), ("earn", None, None));
    assert_eq!(posted.effective_at, day("2029-06-15").start());
    assert_eq!(posted.recorded_at, world.cx.now);
    assert_eq!(posted.actor, (world.cx.actor.kind().to_owned(), world.cx.actor.id()));
    assert_eq!(posted.correlation, world.cx.correlation);
    assert_eq!((&posted.reason, &posted.metadata), (&memo.reason, &memo.metadata));
    let found = world.ledger.transaction(&world.cx, posted.id).await.expect("found");
    assert_eq!(&found, posted);
    let expected = Purchase {
        id: purchase.id,
        programme_id: world.programme.id,
        customer: customer(ALICE),
        transaction_id: Some(posted.id),
        effective_at: purchase.effective_at,
        amount: amount(2_933),
        points: amount(29),
        refunded: amount(0),
        refunded_points: amount(0),
    };
    assert_eq!(world.ledger.purchase(&world.cx, purchase.id).await.expect("found"), expected);
    assert_eq!(world.balance_at(ALICE, end("2029-06-14")).await, balance([0, 0, 0, 0, 0]));
    assert_eq!(world.balance_at(ALICE, end("2029-06-15")).await, balance([29, 0, 0, 0, 29]));
}

#[tokio::test]
async fn points_can_be_spent_through_the_last_day_of_their_life() {
    let world = World::new().await;
    world.bought(ALICE, "1997-01-18", "29.33").await;

    assert_eq!(world.balance_at(ALICE, end("1998-01-17")).await, balance([29, 0, 0, 0, 29]));
    let expired = balance([29, 0, 29, 0, 0]);
    assert_eq!(world.balance_at(ALICE, day("1998-01-18").start()).await, expired);
}

#[tokio::test]
async fn the_same_purchase_told_again_gives_the_same_answer_and_no_more_points() {
    let world = World::new().await;
    let purchase = world.purchase(ALICE, "2029-06-15", "29.33");
    let first = world.earn(purchase.clone()).await.expect("points are given");

    let again = world.earn(purchase.clone()).await.expect("a replay");
    let mut many = Vec::new();
    for _ in 0..3 {
        many.push(world.earn(purchase.clone()));
    }
    let [a, b, c] = <[_; 3]>::try_from(many).map_err(drop).expect("three");
    let together = tokio::join!(a, b, c);

    assert!(!first.is_replay() && again.is_replay());
    assert_eq!(again.posted, first.posted);
    for it in [together.0, together.1, together.2] {
        assert_eq!(it.expect("a replay").posted, first.posted);
    }
    assert_eq!((world.available(ALICE).await, world.transactions().await), (29, 1));
}

#[tokio::test]
async fn another_purchase_under_the_same_identifier_is_refused() {
    let world = World::new().await;
    let purchase = world.bought(ALICE, "2029-06-15", "29.33").await;
    let others = [
        NewPurchase { amount: dollars("29.34"), ..purchase.clone() },
        NewPurchase { customer: customer("demo-bob"), ..purchase.clone() },
        NewPurchase { effective_at: noon("2029-06-15"), ..purchase.clone() },
        NewPurchase { amount: dollars("0.10"), ..purchase.clone() },
    ];

    for other in others {
        assert_eq!(code(world.earn(other).await), "ledger.key-reused");
    }

    assert_eq!((world.available(ALICE).await, world.transactions().await), (29, 1));
    assert_eq!(world.database.number("select count(*) from socle_ledger.purchase").await, 1);
}

#[tokio::test]
async fn a_purchase_of_no_points_is_recorded_and_moves_nothing() {
    let world = World::new().await;
    let purchase = world.purchase(ALICE, "2029-06-15", "0.99");

    let first = world.earn(purchase.clone()).await.expect("it is recorded");
    let again = world.earn(purchase.clone()).await.expect("a replay");

    assert_eq!((first.posted.len(), first.is_replay(), again.is_replay()), (0, false, true));
    let found = world.ledger.purchase(&world.cx, purchase.id).await.expect("found");
    assert_eq!((found.amount, found.points, found.transaction_id), (amount(99), amount(0), None));
    assert_eq!(world.transactions().await, 0);
    assert_eq!(world.database.number("select count(*) from socle_ledger.outbox").await, 0);
}

#[tokio::test]
async fn a_negative_a_future_and_a_foreign_purchase_are_refused() {
    let world = World::new().await;
    let purchase = world.purchase(ALICE, "2029-06-15", "29.33");
    let negative = NewPurchase { amount: dollars("-1"), ..purchase.clone() };
    let future = NewPurchase { effective_at: noon("2030-01-02"), ..purchase.clone() };
    let currency = currency("EUR");
    let foreign =
        NewPurchase { amount: socle_kernel::Money { currency, ..purchase.amount }, ..purchase };

    assert_eq!(code(world.earn(negative).await), "ledger.purchase-negative");
    assert_eq!(code(world.earn(future).await), "ledger.effective-in-future");
    assert_eq!(code(world.earn(foreign).await), "ledger.currency-differs");

    assert_eq!(world.database.number("select count(*) from socle_ledger.purchase").await, 0);
    assert_eq!(world.transactions().await, 0);
}

#[tokio::test]
async fn an_unknown_purchase_is_not_found() {
    let world = World::new().await;

    assert_eq!(code(world.ledger.purchase(&world.cx, world.cx.new_id()).await), "not-found");
    assert_eq!(code(world.refund(world.cx.new_id(), "1").await), "not-found");
    assert_eq!(code(world.ledger.transaction(&world.cx, world.cx.new_id()).await), "not-found");
}
