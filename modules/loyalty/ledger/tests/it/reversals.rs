//! Reversals undo a transaction, once.

use socle_books::Memo;

use crate::world::{ALICE, World, amount, balance, code, customer, legs, noon, only};

#[tokio::test]
async fn a_reversed_spending_gives_the_points_back_to_their_lots() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "10.00").await;
    world.bought(ALICE, "2029-08-15", "20.00").await;
    let spent = world.burn(&world.cx, ALICE, 12).await.expect("spent");
    let memo = Memo { reason: Some("sent back".to_owned()), metadata: Vec::new() };

    let receipt = world.ledger.reverse(&world.cx, only(&spent).id, memo).await.expect("reversed");

    let (points, settlement) = (world.customers(ALICE).points.id, world.system().settlement.id);
    let posted = only(&receipt);
    assert_eq!(legs(posted), [(points, 12, 30), (settlement, -12, 0)]);
    assert_eq!((posted.kind.as_str(), posted.reverses), ("reverse", Some(only(&spent).id)));
    assert_eq!(posted.reason.as_deref(), Some("sent back"));
    let (cx, alice) = (&world.cx, customer(ALICE));
    let lots = world.ledger.open_lots(cx, &world.programme, &alice, cx.now).await;
    let lots: Vec<_> = lots.expect("lots").iter().map(|it| (it.seq, it.free.minor())).collect();
    assert_eq!(lots, [(1, 10), (2, 20)]);
    assert_eq!(world.balance_at(ALICE, cx.now).await, balance([30, 0, 0, 0, 30]));
}

#[tokio::test]
async fn what_expired_meanwhile_expires_at_once_when_it_comes_back() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "10.00").await;
    world.bought(ALICE, "2029-12-15", "20.00").await;
    let spent = world.burn(&world.cx, ALICE, 12).await.expect("spent");
    let later = world.on("2030-07-01");

    let receipt = world.reverse(&later, only(&spent).id).await.expect("reversed");

    let kinds: Vec<_> = receipt.posted.iter().map(|it| it.kind.as_str()).collect();
    assert_eq!(kinds, ["reverse", "expire"]);
    let (points, breakage) = (world.customers(ALICE).points.id, world.system().breakage.id);
    assert_eq!(legs(&receipt.posted[1]), [(points, -10, 20), (breakage, 10, 10)]);
    assert_eq!(world.balance_at(ALICE, noon("2030-06-20")).await, balance([30, 12, 0, 0, 18]));
    assert_eq!(world.balance_at(ALICE, later.now).await, balance([30, 0, 10, 0, 20]));
    assert_eq!(world.ledger.expire_due(&later).await.expect("nothing to record"), 0);
}

#[tokio::test]
async fn a_reversed_purchase_counts_as_refunded() {
    let world = World::new().await;
    let bought = world.bought(ALICE, "2029-06-15", "29.33").await;

    world.reverse(&world.cx, bought.transaction()).await.expect("reversed");

    let stored = world.ledger.purchase(&world.cx, bought.id).await.expect("found");
    assert_eq!((stored.refunded, stored.refunded_points), (amount(2_933), amount(29)));
    assert_eq!(world.balance_at(ALICE, world.cx.now).await, balance([0, 0, 0, 0, 0]));
    assert_eq!(code(world.refund(bought.id, "0.01").await), "ledger.refund-too-large");
    assert_eq!(world.transactions().await, 2);
}

#[tokio::test]
async fn a_transaction_is_reversed_once_and_a_reversal_never() {
    let world = World::new().await;
    let bought = world.bought(ALICE, "2029-06-15", "29.33").await;
    let spent = world.burn(&world.cx, ALICE, 9).await.expect("spent");
    let undone = world.reverse(&world.cx, only(&spent).id).await.expect("reversed");

    let again = world.reverse(&world.cx, only(&spent).id).await;
    let back = world.reverse(&world.cx, only(&undone).id).await;
    let nothing = world.reverse(&world.cx, world.cx.new_id()).await;

    assert_eq!(code(again), "ledger.already-reversed");
    assert_eq!(code(back), "ledger.not-reversible");
    assert_eq!(code(nothing), "ledger.transaction-unknown");
    world.reverse(&world.cx, bought.transaction()).await.expect("reversed");
    assert_eq!(
        code(world.reverse(&world.cx, bought.transaction()).await),
        "ledger.already-reversed"
    );
    assert_eq!(world.transactions().await, 4);
}

#[tokio::test]
async fn points_that_are_spent_or_expired_are_not_taken_back_by_a_reversal() {
    let world = World::new().await;
    let spent = world.bought(ALICE, "2029-06-15", "29.33").await;
    world.burn(&world.cx, ALICE, 1).await.expect("spent");
    let expired = world.bought(ALICE, "1997-01-18", "5.00").await;
    world.ledger.expire_due(&world.cx).await.expect("recorded");

    for it in [&spent, &expired] {
        assert_eq!(code(world.reverse(&world.cx, it.transaction()).await), "ledger.points-spent");
        let stored = world.ledger.purchase(&world.cx, it.id).await.expect("found");
        assert_eq!(stored.refunded, amount(0));
    }

    let (cx, account) = (&world.cx, world.customers(ALICE).points.id);
    let entries = world.ledger.entries(cx, account, 0, 10).await.expect("entries");
    let expiry = entries.iter().find(|it| it.kind == "expire").expect("an expiry");
    assert_eq!(code(world.reverse(cx, expiry.transfer_id).await), "ledger.not-reversible");
}

#[tokio::test]
async fn a_refund_stands_and_a_purchase_refunded_in_part_is_not_taken_back_twice() {
    let world = World::new().await;
    let first = world.bought(ALICE, "2029-06-15", "10.00").await;
    world.burn(&world.cx, ALICE, 10).await.expect("spent");
    world.refund(first.id, "10.00").await.expect("refunded");
    // Pays the debt off: its points lie in no lot that a reversal could find spent.
    let second = world.bought(ALICE, "2029-07-15", "8.00").await;
    let refund = world.refund_of(second.id, "3.00");
    world.ledger.refund(&world.cx, refund.clone()).await.expect("refunded");
    assert_eq!(world.debt(ALICE).await, -5);

    assert_eq!(code(world.reverse(&world.cx, refund.id).await), "ledger.refund-stands");
    let twice = world.reverse(&world.cx, second.transaction()).await;
    assert_eq!(code(twice), "ledger.purchase-refunded");

    assert_eq!((world.debt(ALICE).await, world.available(ALICE).await), (-5, 0));
    world.refund(second.id, "5.00").await.expect("refunded");
    assert_eq!(world.debt(ALICE).await, -10);
}

#[tokio::test]
async fn an_adjustment_is_undone_on_the_side_that_it_changed() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "30.00").await;
    let given = world.adjust(ALICE, 5, "a gift").await.expect("given");
    let taken = world.adjust(ALICE, -7, "a mistake").await.expect("taken");

    world.reverse(&world.cx, only(&given).id).await.expect("reversed");
    world.reverse(&world.cx, only(&taken).id).await.expect("reversed");

    assert_eq!(world.balance_at(ALICE, world.cx.now).await, balance([30, 0, 0, 0, 30]));
}
