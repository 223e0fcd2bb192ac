//! Bounds: floors, ceilings, what is pending, and what overflows.

use socle_books::{Bounds, Capture, Command, Memo, NewAccount, Refusal, Side};

use crate::{
    shop::{ALICE, BANK, BOB, CAROL, DAY, DEBT, at_both_entrances, credit, debit, figures_of},
    world::{account, amount, new_account, only},
};

fn insufficient(n: u32, available: i32, asked: i32) -> Refusal {
    let (available, asked) = (amount(available), amount(asked));
    Refusal::Insufficient { account: account(n), available, asked }
}

fn above(n: u32, room: i32, asked: i32) -> Refusal {
    Refusal::AboveCeiling { account: account(n), room: amount(room), asked: amount(asked) }
}

fn bounded(n: u32, side: Side, floor: i32, ceiling: i32) -> Command {
    let bounds = Bounds { floor: Some(amount(floor)), ceiling: Some(amount(ceiling)) };
    Command::Open(NewAccount { side, ..new_account(n, bounds) })
}

#[tokio::test]
async fn a_transfer_beyond_the_balance_changes_nothing() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.moves(BANK, ALICE, 70).await;

        let beyond = shop.denies(Command::Post(shop.moving(ALICE, BANK, 71))).await;
        shop.moves(ALICE, BANK, 70).await;
        let empty = shop.denies(Command::Post(shop.moving(ALICE, BANK, 1))).await;

        assert_eq!(beyond, insufficient(ALICE, 70, 71));
        assert_eq!(empty, insufficient(ALICE, 0, 1));
    })
    .await;
}

#[tokio::test]
async fn an_overdraft_goes_as_far_as_it_is_allowed() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.does(bounded(10, Side::Credit, -50, 100)).await;

        shop.moves(10, BANK, 50).await;
        let below = shop.denies(Command::Post(shop.moving(10, BANK, 1))).await;
        shop.moves(BANK, 10, 150).await;
        let over = shop.denies(Command::Post(shop.moving(BANK, 10, 1))).await;

        assert_eq!(below, insufficient(10, 0, 1));
        assert_eq!(over, above(10, 0, 1));
        assert_eq!(shop.balance(10).await, 100);
    })
    .await;
}

#[tokio::test]
async fn a_debit_account_counts_the_other_way_round() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.does(bounded(10, Side::Debit, 0, 100)).await;

        let empty = shop.denies(Command::Post(shop.moving(BANK, 10, 1))).await;
        shop.moves(10, BANK, 100).await;
        let full = shop.denies(Command::Post(shop.moving(10, BANK, 1))).await;
        shop.moves(BANK, 10, 40).await;

        assert_eq!(empty, above(10, 0, 1));
        assert_eq!(full, insufficient(10, 0, 1));
        assert_eq!(shop.balance(10).await, -60);
    })
    .await;
}

#[tokio::test]
async fn what_is_pending_counts_against_the_floor_and_the_ceiling() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.does(bounded(10, Side::Credit, 0, 100)).await;
        shop.moves(BANK, ALICE, 80).await;
        shop.holds(ALICE, 10, 60, DAY).await;

        let spent = shop.denies(Command::Post(shop.moving(ALICE, BANK, 21))).await;
        let filled = shop.denies(Command::Post(shop.moving(BANK, 10, 41))).await;
        let held = shop.denies(Command::Hold(shop.holding(ALICE, BANK, 21, DAY))).await;
        let brought = shop.denies(Command::Hold(shop.holding(BANK, 10, 41, DAY))).await;
        shop.moves(ALICE, BANK, 20).await;
        shop.moves(BANK, 10, 40).await;

        assert_eq!(spent, insufficient(ALICE, 20, 21));
        assert_eq!(filled, above(10, 40, 41));
        assert_eq!(held, insufficient(ALICE, 20, 21));
        assert_eq!(brought, above(10, 40, 41));
        assert_eq!(shop.figures(ALICE).await, (60, 60, 0));
        assert_eq!(shop.figures(10).await, (40, 0, 60));
    })
    .await;
}

#[tokio::test]
async fn what_is_pending_counts_for_debit_accounts_too() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.does(bounded(10, Side::Debit, 0, 100)).await;
        let hold = shop.holds(10, BANK, 60, DAY).await;

        let beyond = shop.denies(Command::Post(shop.moving(10, BANK, 41))).await;
        shop.moves(10, BANK, 40).await;
        let capture = Capture { id: shop.id(), hold, amount: None, memo: Memo::default() };
        shop.does(Command::Capture(capture)).await;

        assert_eq!(beyond, insufficient(10, 40, 41));
        assert_eq!(shop.figures(10).await, (-100, 0, 0));
    })
    .await;
}

/// A refund takes what is there and leaves the rest as debt.
#[tokio::test]
async fn what_an_account_cannot_pay_becomes_debt_and_the_next_income_pays_it_first() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.moves(BANK, ALICE, 30).await;
        let refund = vec![debit(ALICE, 100).overflowing(account(DEBT)), credit(BANK, 100)];
        let refund = shop.does(shop.posting(refund)).await;
        let earn =
            |minor| vec![debit(BANK, minor), credit(DEBT, minor).overflowing(account(ALICE))];

        let first = shop.does(shop.posting(earn(50))).await;
        let second = shop.does(shop.posting(earn(50))).await;
        let third = shop.does(shop.posting(earn(50))).await;

        assert_eq!(
            figures_of(only(&refund)),
            [
                (account(ALICE), 2, -30, 0),
                (account(DEBT), 1, -70, -70),
                (account(BANK), 2, 100, 70),
            ]
        );
        assert_eq!(
            figures_of(only(&first)),
            [(account(BANK), 3, -50, 20), (account(DEBT), 2, 50, -20)]
        );
        assert_eq!(
            figures_of(only(&second)),
            [(account(BANK), 4, -50, -30), (account(DEBT), 3, 20, 0), (account(ALICE), 3, 30, 30),]
        );
        assert_eq!(
            figures_of(only(&third)),
            [(account(BANK), 5, -50, -80), (account(ALICE), 4, 50, 80)]
        );
    })
    .await;
}

#[tokio::test]
async fn an_overflow_beyond_the_bounds_of_both_accounts_is_refused_whole() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.moves(BANK, ALICE, 30).await;
        shop.moves(BANK, BOB, 30).await;
        let legs = vec![debit(ALICE, 61).overflowing(account(BOB)), credit(BANK, 61)];

        let refused = shop.denies(shop.posting(legs)).await;

        assert_eq!(refused, insufficient(BOB, 30, 31));
    })
    .await;
}

#[tokio::test]
async fn lots_that_do_not_suffice_overflow_into_debt() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.earns(10, Some(DAY)).await;
        shop.earns(20, None).await;
        shop.holds(CAROL, BANK, 5, 2 * DAY).await;
        shop.clock.move_by(DAY);
        let legs = vec![debit(CAROL, 50).overflowing(account(DEBT)), credit(BANK, 50)];

        let receipt = shop.does(shop.posting(legs)).await;

        assert_eq!(
            figures_of(only(&receipt)),
            [
                (account(CAROL), 3, -20, 10),
                (account(DEBT), 1, -30, -30),
                (account(BANK), 3, 50, 20),
            ]
        );
        assert_eq!(shop.lots().await, [(10, 10, 5), (20, 0, 0)]);
    })
    .await;
}
