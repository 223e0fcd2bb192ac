//! Accounts: opened once, closed when empty, and nobody else's.

use socle_books::{Bounds, Command, NewAccount, Refusal};
use socle_kernel::Asset;

use crate::{
    shop::{ALICE, BANK, CAROL, DAY, Shop, at_both_entrances, credit, debit},
    world::{account, new_account, open},
};

fn of_asset(n: u32, asset: &str) -> Command {
    let asset: Asset = asset.parse().expect("an asset");
    Command::Open(NewAccount { asset, ..new_account(n, Bounds::NONE) })
}

#[tokio::test]
async fn a_closed_account_takes_part_in_nothing() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.moves(BANK, ALICE, 5).await;
        let not_empty = shop.denies(Command::Close(account(ALICE))).await;
        shop.moves(ALICE, BANK, 5).await;
        shop.does(Command::Close(account(ALICE))).await;
        shop.does(Command::Close(account(ALICE))).await;

        let posted = shop.denies(Command::Post(shop.moving(BANK, ALICE, 1))).await;
        let held = shop.denies(Command::Hold(shop.holding(BANK, ALICE, 1, DAY))).await;
        let unknown = shop.denies(Command::Close(account(77))).await;

        assert_eq!(not_empty, Refusal::AccountNotEmpty { account: account(ALICE) });
        assert_eq!(posted, Refusal::AccountClosed { account: account(ALICE) });
        assert_eq!(held, Refusal::AccountClosed { account: account(ALICE) });
        assert_eq!(unknown, Refusal::UnknownAccount { account: account(77) });
    })
    .await;
}

#[tokio::test]
async fn an_account_with_an_open_hold_is_not_closed() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.holds(BANK, ALICE, 5, DAY).await;

        let taking = shop.denies(Command::Close(account(BANK))).await;
        let receiving = shop.denies(Command::Close(account(ALICE))).await;
        shop.clock.move_by(DAY);
        shop.does(Command::Close(account(ALICE))).await;

        assert_eq!(taking, Refusal::AccountNotEmpty { account: account(BANK) });
        assert_eq!(receiving, Refusal::AccountNotEmpty { account: account(ALICE) });
    })
    .await;
}

#[tokio::test]
async fn an_account_is_opened_once_and_stays_what_it_is() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.moves(BANK, ALICE, 5).await;

        shop.does(open(ALICE, Bounds::NOT_NEGATIVE)).await;
        let differs = shop.denies(open(ALICE, Bounds::NONE)).await;

        assert_eq!(differs, Refusal::AccountDiffers { account: account(ALICE) });
        assert_eq!(shop.balance(ALICE).await, 5);
    })
    .await;
}

#[tokio::test]
async fn an_owner_keeps_one_account_a_purpose_and_asset() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let twin = NewAccount { id: account(40), ..new_account(ALICE, Bounds::NOT_NEGATIVE) };

        let refused = shop.denies(Command::Open(twin)).await;

        assert_eq!(refused, Refusal::Constraint { constraint: "account_is_one".to_owned() });
    })
    .await;
}

#[tokio::test]
async fn value_expires_to_an_account_of_the_same_asset_that_has_no_lots() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.done(shop.unit().with(of_asset(11, "PTS"))).await;
        let to = |n: u32, to: u32| {
            let expires_to = Some(account(to));
            Command::Open(NewAccount { expires_to, ..new_account(n, Bounds::NOT_NEGATIVE) })
        };

        let unknown = shop.denies(to(20, 78)).await;
        let of_another_asset = shop.denies(to(20, 11)).await;
        let of_lots = shop.denies(to(20, CAROL)).await;

        assert_eq!(unknown, Refusal::UnknownAccount { account: account(78) });
        assert_eq!(of_another_asset, Refusal::AssetsDiffer);
        assert_eq!(of_lots, Refusal::AccountDiffers { account: account(CAROL) });
    })
    .await;
}

#[tokio::test]
async fn another_tenants_account_is_as_unknown_as_one_that_never_was() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let elsewhere = Shop::new(shop.world, shop.by, 99);
        elsewhere.done(elsewhere.unit().with(open(50, Bounds::NONE))).await;

        let theirs = shop.denies(shop.posting(vec![debit(BANK, 1), credit(50, 1)])).await;
        let nobodys = shop.denies(shop.posting(vec![debit(BANK, 1), credit(51, 1)])).await;

        assert_eq!(theirs, Refusal::UnknownAccount { account: account(50) });
        assert_eq!(nobodys, Refusal::UnknownAccount { account: account(51) });
        assert_eq!(elsewhere.balance(50).await, 0);
    })
    .await;
}
