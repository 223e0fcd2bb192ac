//! Reversal: once, and value back to the lots it came from.

use futures_util::future::join_all;
use socle_books::{Bounds, Command, Error, Flow, Memo, Refusal, Reversal};
use socle_kernel::TransferId;

use crate::{
    shop::{ALICE, BANK, BREAKAGE, CAROL, DAY, HOUR, Shop, at, at_both_entrances, figures_of},
    world::{account, only, open},
};

fn reversal(shop: &Shop<'_>, of: TransferId) -> Reversal {
    Reversal { id: shop.id(), of, kind: "reverse".to_owned(), memo: Memo::default() }
}

fn reverse(shop: &Shop<'_>, of: TransferId) -> Command {
    Command::Reverse(reversal(shop, of))
}

#[tokio::test]
async fn a_reversal_mirrors_every_leg_and_names_what_it_undoes() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let original = shop.moves(BANK, ALICE, 70).await;

        let receipt = shop.does(reverse(shop, original.id)).await;

        let posted = only(&receipt);
        assert_eq!(figures_of(posted), [(account(BANK), 2, 70, 0), (account(ALICE), 2, -70, 0)]);
        assert_eq!(posted.reverses, Some(original.id));
        assert_eq!((posted.kind.as_str(), posted.flow), ("reverse", Flow::Correction));
        let sums = "select sum(abs(credit) + abs(debit))::int8 from socle_shop.rollup
                    where tenant_id = $1";
        assert_eq!(shop.number(sums).await, 0, "a correction lowers the side that it corrects");
    })
    .await;
}

#[tokio::test]
async fn a_transfer_is_reversed_once() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let original = shop.moves(BANK, ALICE, 70).await;
        let first = reversal(shop, original.id);
        shop.does(Command::Reverse(first.clone())).await;

        let again = shop.denies(reverse(shop, original.id)).await;
        let replayed = shop.does(Command::Reverse(first.clone())).await;
        let undone = shop.denies(reverse(shop, first.id)).await;
        let unknown = shop.id();
        let nothing = shop.denies(reverse(shop, unknown)).await;

        assert_eq!(again, Refusal::AlreadyReversed { transfer: original.id });
        assert_eq!(only(&replayed).id, first.id, "the same reversal is the same transfer");
        assert_eq!(undone, Refusal::NotReversible { transfer: first.id });
        assert_eq!(nothing, Refusal::UnknownTransfer { transfer: unknown });
        assert_eq!(shop.balance(ALICE).await, 0);
    })
    .await;
}

#[tokio::test]
async fn of_many_reversals_at_once_one_takes_effect() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let original = shop.moves(BANK, ALICE, 70).await;
        let units = (0..12).map(|_| shop.unit().with(reverse(shop, original.id)));

        let outcomes = join_all(units.map(|it| shop.submit(it))).await;

        let mut done = 0;
        for outcome in outcomes {
            match outcome {
                Ok(_) => done += 1,
                Err(Error::Refused(it)) => {
                    assert_eq!(it.refusal, Refusal::AlreadyReversed { transfer: original.id });
                }
                Err(fault) => panic!("no fault: {fault:?}"),
            }
        }
        assert_eq!((done, shop.balance(ALICE).await), (1, 0));
    })
    .await;
}

#[tokio::test]
async fn reversing_what_was_earned_takes_its_whole_lot_or_nothing() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let whole = shop.earns(50, None).await;
        let second = shop.earns(20, Some(HOUR)).await;

        shop.does(reverse(shop, whole)).await;
        let without = shop.lots().await;
        shop.moves(CAROL, BANK, 1).await;
        let spent = shop.denies(reverse(shop, second)).await;
        let third = shop.earns(30, Some(HOUR)).await;
        shop.clock.move_by(HOUR);
        let expired = shop.denies(reverse(shop, third)).await;

        assert_eq!(without, [(50, 0, 0), (20, 20, 0)]);
        assert_eq!(spent, Refusal::LotsSpent { transfer: second });
        assert_eq!(expired, Refusal::LotsSpent { transfer: third });
        assert_eq!(shop.lots().await, [(50, 0, 0), (20, 19, 0), (30, 30, 0)]);
    })
    .await;
}

#[tokio::test]
async fn reversing_what_was_burned_gives_back_to_its_lots_with_their_old_expiry() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.earns(10, Some(HOUR)).await;
        shop.earns(20, Some(3 * HOUR)).await;
        let burn = shop.moves(CAROL, BANK, 25).await;
        let burned = shop.lots().await;

        let receipt = shop.does(reverse(shop, burn.id)).await;
        let back = shop.lots().await;
        shop.clock.move_by(HOUR);
        shop.does(Command::Expire(account(CAROL))).await;

        assert_eq!(burned, [(10, 0, 0), (20, 5, 0)]);
        assert_eq!(
            figures_of(only(&receipt)),
            [(account(CAROL), 4, 25, 30), (account(BANK), 4, -25, -30)]
        );
        assert_eq!(back, [(10, 10, 0), (20, 20, 0)]);
        assert_eq!(shop.lots().await, [(10, 0, 0), (20, 20, 0)]);
    })
    .await;
}

#[tokio::test]
async fn what_has_expired_meanwhile_expires_at_once_when_it_comes_back() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.earns(10, Some(HOUR)).await;
        shop.earns(20, Some(3 * HOUR)).await;
        let burn = shop.moves(CAROL, BANK, 25).await;
        shop.clock.move_by(2 * HOUR);

        let receipt = shop.does(reverse(shop, burn.id)).await;

        let [back, expired] = &receipt.posted[..] else { panic!("two transfers: {receipt:?}") };
        assert_eq!(figures_of(back)[0], (account(CAROL), 4, 25, 30));
        assert_eq!(
            figures_of(expired),
            [(account(CAROL), 5, -10, 20), (account(BREAKAGE), 1, 10, 10)]
        );
        assert_eq!((expired.effective_at, expired.recorded_at), (at(2 * HOUR), at(2 * HOUR)));
        assert_eq!(expired.flow, Flow::Expiry);
        assert_eq!(shop.lots().await, [(10, 0, 0), (20, 20, 0)]);
        let refused = shop.denies(reverse(shop, expired.id)).await;
        assert_eq!(refused, Refusal::NotReversible { transfer: expired.id });
    })
    .await;
}

#[tokio::test]
async fn a_transfer_is_posted_and_reversed_in_the_same_unit() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.earns(10, Some(DAY)).await;
        let burn = shop.moving(CAROL, BANK, 4);
        let earn = shop.earning(7, 0, None);
        let (burned, earned) = (burn.id, earn.id);
        let unit = shop.unit().with(Command::Post(burn)).with(Command::Post(earn));

        let receipt = shop.done(unit.with(reverse(shop, burned)).with(reverse(shop, earned))).await;

        assert_eq!(receipt.posted.len(), 4);
        assert_eq!(shop.lots().await, [(10, 10, 0), (7, 0, 0)]);
        assert_eq!(shop.balance(CAROL).await, 10);
    })
    .await;
}

#[tokio::test]
async fn what_a_refused_unit_posted_cannot_be_reversed() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let transfer = shop.moving(BANK, ALICE, 5);
        let id = transfer.id;
        let refused = shop
            .unit()
            .with(Command::Post(transfer))
            .with(reverse(shop, id))
            .with(Command::Void(shop.id()));
        let phantom = shop.unit().with(reverse(shop, id));

        let outcomes = match shop.by {
            crate::world::Entrance::Sequencer => {
                shop.world.sequencer.submit_all(vec![refused, phantom]).await
            }
            crate::world::Entrance::Transaction => {
                vec![shop.submit(refused).await, shop.submit(phantom).await]
            }
        };

        let [Err(Error::Refused(first)), Err(Error::Refused(second))] = &outcomes[..] else {
            panic!("two refusals: {outcomes:?}")
        };
        assert!(matches!(first.refusal, Refusal::UnknownHold { .. }), "{first:?}");
        assert_eq!(second.refusal, Refusal::UnknownTransfer { transfer: id });
        assert_eq!(shop.balance(ALICE).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_reversal_respects_bounds_and_closed_accounts() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let original = shop.moves(BANK, ALICE, 5).await;
        shop.moves(ALICE, BANK, 5).await;
        let spent = shop.denies(reverse(shop, original.id)).await;
        shop.does(Command::Close(account(ALICE))).await;

        let closed = shop.denies(reverse(shop, original.id)).await;

        let account = account(ALICE);
        let (available, asked) = (crate::world::amount(0), crate::world::amount(5));
        assert_eq!(spent, Refusal::Insufficient { account, available, asked });
        assert_eq!(closed, Refusal::AccountClosed { account });
        shop.does(open(60, Bounds::NONE)).await;
    })
    .await;
}

#[tokio::test]
async fn what_expires_at_once_does_so_in_the_order_in_which_lots_are_spent() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.earns(10, Some(HOUR)).await;
        shop.does(Command::Post(shop.earning(10, -DAY, Some(HOUR)))).await;
        let burn = shop.moves(CAROL, BANK, 15).await;
        shop.clock.move_by(HOUR);

        let receipt = shop.does(reverse(shop, burn.id)).await;

        let amounts: Vec<_> = receipt.posted.iter().map(|it| it.legs[0].amount.minor()).collect();
        assert_eq!(amounts, [15, -10, -5]);
    })
    .await;
}
