//! Points given and taken by hand, with a reason.

use crate::world::{ALICE, World, balance, code, legs, only};

#[tokio::test]
async fn points_are_given_with_a_reason_and_live_as_others_do() {
    let world = World::new().await;

    let receipt = world.adjust(ALICE, 50, "the parcel was late").await.expect("given");

    let (points, issuance) = (world.customers(ALICE).points.id, world.system().issuance.id);
    assert_eq!(legs(only(&receipt)), [(points, 50, 50), (issuance, -50, -50)]);
    assert_eq!(only(&receipt).kind, "adjust");
    assert_eq!(only(&receipt).reason.as_deref(), Some("the parcel was late"));
    let a_year_on = world.on("2031-01-01").now;
    assert_eq!(world.balance_at(ALICE, a_year_on).await, balance([50, 0, 50, 0, 0]));
}

#[tokio::test]
async fn points_taken_lower_what_was_earned() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "30.00").await;

    let receipt = world.adjust(ALICE, -12, "counted twice").await.expect("taken");

    let (points, issuance) = (world.customers(ALICE).points.id, world.system().issuance.id);
    assert_eq!(legs(only(&receipt)), [(points, -12, 18), (issuance, 12, -18)]);
    assert_eq!(world.balance_at(ALICE, world.cx.now).await, balance([18, 0, 0, 0, 18]));
}

#[tokio::test]
async fn points_given_pay_off_a_debt_first() {
    let world = World::new().await;
    let bought = world.bought(ALICE, "2029-06-15", "30.00").await;
    world.burn(&world.cx, ALICE, 30).await.expect("spent");
    world.refund(bought.id, "10.00").await.expect("refunded");

    world.adjust(ALICE, 4, "a gift").await.expect("given");
    assert_eq!((world.available(ALICE).await, world.debt(ALICE).await), (0, -6));
    world.adjust(ALICE, 7, "a gift").await.expect("given");

    assert_eq!((world.available(ALICE).await, world.debt(ALICE).await), (1, 0));
}

#[tokio::test]
async fn an_adjustment_says_why_and_moves_something_that_is_there() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "30.00").await;

    assert_eq!(code(world.adjust(ALICE, 5, "").await), "ledger.reason-missing");
    assert_eq!(code(world.adjust(ALICE, 5, " \t").await), "ledger.reason-missing");
    assert_eq!(code(world.adjust(ALICE, 0, "none").await), "ledger.not-positive");
    assert_eq!(code(world.adjust(ALICE, -31, "too much").await), "ledger.insufficient");

    assert_eq!((world.available(ALICE).await, world.transactions().await), (30, 1));
}

#[tokio::test]
async fn a_reason_that_cannot_be_stored_is_the_caller_s_error() {
    let world = World::new().await;

    let long = world.adjust(ALICE, 5, &"x".repeat(501)).await;
    let nul = world.adjust(ALICE, 5, "nul \0 inside").await;

    assert_eq!(code(long), "ledger.rule-broken");
    assert_eq!(code(nul), "ledger.unstorable");
    assert_eq!(world.transactions().await, 0);
}
