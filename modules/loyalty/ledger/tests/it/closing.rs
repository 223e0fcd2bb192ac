//! Closing an account, and leaving as a customer.

use socle_books::{Memo, Receipt};
use socle_kernel::TransferId;
use socle_ledger::Error;

use crate::world::{ALICE, World, balance, code, customer, legs};

async fn close(world: &World, whose: &str) -> Result<Receipt, Error> {
    let memo = Memo { reason: Some("moved away".to_owned()), metadata: Vec::new() };
    world.ledger.close_customer(&world.cx, &world.programme, &customer(whose), memo).await
}

#[tokio::test]
async fn what_a_customer_leaves_is_owed_to_nobody_here() {
    let world = World::new().await;
    world.bought(ALICE, "1997-01-18", "7.00").await;
    world.bought(ALICE, "2029-06-15", "30.00").await;

    let receipt = close(&world, ALICE).await.expect("closed");

    let (points, system) = (world.customers(ALICE).points.id, world.system());
    let kinds: Vec<_> = receipt.posted.iter().map(|it| it.kind.as_str()).collect();
    assert_eq!(kinds, ["expire", "close"]);
    assert_eq!(legs(&receipt.posted[0]), [(points, -7, 30), (system.breakage.id, 7, 7)]);
    assert_eq!(legs(&receipt.posted[1]), [(points, -30, 0), (system.liability.id, 30, 30)]);
    assert_eq!(receipt.posted[1].reason.as_deref(), Some("moved away"));
    for account in [points, world.customers(ALICE).debt.id] {
        assert!(world.ledger.account(&world.cx, account).await.expect("there").is_closed);
    }
    assert_eq!(world.balance_at(ALICE, world.cx.now).await, balance([37, 30, 7, 0, 0]));
}

#[tokio::test]
async fn a_closed_account_takes_and_gives_nothing_more() {
    let world = World::new().await;
    let bought = world.bought(ALICE, "2029-06-15", "30.00").await;
    let closed = close(&world, ALICE).await.expect("closed");

    let later = world.purchase(ALICE, "2029-07-15", "10.00");
    assert_eq!(code(world.earn(later).await), "ledger.account-closed");
    assert_eq!(code(world.burn(&world.cx, ALICE, 1).await), "ledger.insufficient");
    assert_eq!(code(world.adjust(ALICE, 1, "a gift").await), "ledger.account-closed");
    assert_eq!(code(world.hold(ALICE, 1, 7).await), "ledger.account-closed");
    assert_eq!(code(world.refund(bought.id, "1.00").await), "ledger.account-closed");
    let undone = world.reverse(&world.cx, of_kind(&closed, "close")).await;
    assert_eq!(code(undone), "ledger.account-closed");

    let again = close(&world, ALICE).await.expect("closed already");
    assert_eq!((again.posted.len(), world.transactions().await), (0, 2));
}

#[tokio::test]
async fn a_debt_and_a_hold_are_settled_before() {
    let world = World::new().await;
    let bought = world.bought(ALICE, "2029-06-15", "30.00").await;
    let hold = world.hold(ALICE, 10, 7).await.expect("held");

    assert_eq!(code(close(&world, ALICE).await), "ledger.account-not-empty");
    assert_eq!(world.balance_at(ALICE, world.cx.now).await, balance([30, 0, 0, 10, 20]));
    world.ledger.void(&world.cx, hold).await.expect("let go");
    world.burn(&world.cx, ALICE, 30).await.expect("spent");
    world.refund(bought.id, "3.00").await.expect("refunded");
    assert_eq!(code(close(&world, ALICE).await), "ledger.account-not-empty");
    world.adjust(ALICE, 3, "paid at the till").await.expect("given");

    close(&world, ALICE).await.expect("closed");
    assert_eq!(code(close(&world, "demo-nobody").await), "ledger.account-unknown");
}

#[tokio::test]
async fn an_account_is_closed_when_it_is_empty() {
    let world = World::new().await;
    let bought = world.bought(ALICE, "2029-06-15", "30.00").await;
    let account = world.customers(ALICE).points.id;
    let close = async |id| world.ledger.close_account(&world.cx, id).await;

    assert_eq!(code(close(account).await), "ledger.account-not-empty");
    world.refund(bought.id, "30.00").await.expect("refunded");
    close(account).await.expect("closed");

    assert!(world.ledger.account(&world.cx, account).await.expect("there").is_closed);
    assert_eq!(code(close(world.cx.new_id()).await), "ledger.account-unknown");
}

/// The one transaction of this kind.
fn of_kind(receipt: &Receipt, kind: &str) -> TransferId {
    let mut found = receipt.posted.iter().filter(|it| it.kind == kind).map(|it| it.id);
    let (Some(id), None) = (found.next(), found.next()) else { panic!("one {kind}: {receipt:?}") };
    id
}
