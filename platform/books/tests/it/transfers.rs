//! Transfers: what is posted, what is refused, and when it counts.

use socle_books::{Bounds, Command, Flow, LEGS_MAX, Leg, NewAccount, Refusal, Transfer, Unit};
use socle_kernel::{Amount, Asset};

use crate::{
    shop::{
        ALICE, BANK, BOB, DAY, HOUR, at, at_both_entrances, credit, debit, effective, figures_of,
        just_before,
    },
    world::{account, amount, new_account, only, open, transfer},
};

fn of_asset(n: u32, asset: &str) -> Command {
    let asset: Asset = asset.parse().expect("an asset");
    Command::Open(NewAccount { asset, ..new_account(n, Bounds::NONE) })
}

#[tokio::test]
async fn transfers_move_value_and_are_numbered_without_gaps() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let first = shop.moves(BANK, ALICE, 70).await;
        let second = shop.moves(ALICE, BANK, 30).await;

        assert_eq!((first.number, second.number), (1, 2));
        assert_eq!(figures_of(&first), [(account(BANK), 1, -70, -70), (account(ALICE), 1, 70, 70)]);
        assert_eq!(
            figures_of(&second),
            [(account(ALICE), 2, -30, 40), (account(BANK), 2, 30, -40)]
        );
        assert_eq!((first.recorded_at, first.effective_at), (at(0), at(0)));
        assert_eq!((first.kind.as_str(), first.flow), ("move", Flow::Plain));
        assert_eq!((shop.balance(ALICE).await, shop.balance(BANK).await), (40, -40));
    })
    .await;
}

#[tokio::test]
async fn many_legs_in_several_assets_balance_asset_by_asset() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let unit = shop.unit().with(of_asset(11, "PTS")).with(of_asset(12, "PTS"));
        shop.done(unit).await;
        let legs =
            vec![debit(BANK, 100), credit(ALICE, 60), credit(BOB, 40), debit(11, 7), credit(12, 7)];

        let receipt = shop.does(shop.posting(legs)).await;

        let posted = only(&receipt);
        let assets: Vec<&str> = posted.legs.iter().map(|it| it.asset.as_ref()).collect();
        assert_eq!(assets, ["EUR", "EUR", "EUR", "PTS", "PTS"]);
        assert_eq!(
            figures_of(posted),
            [
                (account(BANK), 1, -100, -100),
                (account(ALICE), 1, 60, 60),
                (account(BOB), 1, 40, 40),
                (account(11), 1, -7, -7),
                (account(12), 1, 7, 7),
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_transfer_has_up_to_64_legs_and_no_more() {
    at_both_entrances(async |shop| {
        let most = u32::try_from(LEGS_MAX).expect("few");
        let open_all = (0..=most).map(|n| open(100 + n, Bounds::NONE));
        shop.done(open_all.fold(shop.unit(), Unit::with)).await;
        let legs = |count: u32| {
            let credits = (1..count).map(|n| credit(100 + n, 1));
            let total = i32::try_from(count - 1).expect("few");
            std::iter::once(debit(100, total)).chain(credits).collect::<Vec<_>>()
        };

        let receipt = shop.does(shop.posting(legs(most))).await;
        let refused = shop.denies(shop.posting(legs(most + 1))).await;

        assert_eq!(only(&receipt).legs.len(), LEGS_MAX);
        assert_eq!(refused, Refusal::Legs { max: LEGS_MAX });
    })
    .await;
}

#[tokio::test]
async fn legs_that_do_not_balance_change_nothing() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.done(shop.unit().with(of_asset(11, "PTS"))).await;

        let short = shop.denies(shop.posting(vec![debit(BANK, 10), credit(ALICE, 9)])).await;
        let mixed = shop.denies(shop.posting(vec![debit(BANK, 10), credit(11, 10)])).await;

        let unbalanced = |sum| Refusal::Unbalanced { asset: "EUR".to_owned(), sum: amount(sum) };
        assert_eq!(short, unbalanced(-1));
        assert_eq!(mixed, unbalanced(-10));
    })
    .await;
}

#[tokio::test]
async fn a_leg_is_never_zero_alone_or_of_an_account_that_has_one_already() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let wrong = [
            vec![],
            vec![credit(ALICE, 1)],
            vec![debit(BANK, 0), credit(ALICE, 0)],
            vec![debit(BANK, 1), credit(ALICE, 1), credit(BOB, 0)],
            vec![debit(BANK, 2), credit(ALICE, 1), credit(ALICE, 1)],
        ];

        for legs in wrong {
            let refused = shop.denies(shop.posting(legs)).await;
            assert_eq!(refused, Refusal::Legs { max: LEGS_MAX });
        }
    })
    .await;
}

#[tokio::test]
async fn what_overflows_stays_in_the_same_asset() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.done(shop.unit().with(of_asset(11, "PTS"))).await;
        let legs = |overflow| vec![debit(ALICE, 5).overflowing(account(overflow)), credit(BANK, 5)];

        let other = shop.denies(shop.posting(legs(11))).await;
        let unknown = shop.denies(shop.posting(legs(77))).await;

        assert_eq!(other, Refusal::AssetsDiffer);
        assert_eq!(unknown, Refusal::UnknownAccount { account: account(77) });
    })
    .await;
}

#[tokio::test]
async fn sums_beyond_63_bits_are_refused() {
    at_both_entrances(async |shop| {
        for n in [1, 2, 3] {
            shop.does(open(n, Bounds::NONE)).await;
        }
        let huge = |from, to| {
            let legs =
                vec![Leg::debit(account(from), Amount::MAX), Leg::credit(account(to), Amount::MAX)];
            Command::Post(Transfer { legs, ..shop.moving(from, to, 1) })
        };
        shop.does(huge(1, 2)).await;

        let credited = shop.denies(Command::Post(shop.moving(3, 2, 1))).await;
        let debited = shop.denies(Command::Post(shop.moving(1, 3, 1))).await;
        let summed = vec![
            Leg::debit(account(3), Amount::MAX),
            debit(1, 1),
            Leg::credit(account(2), Amount::MAX),
        ];
        let summed = shop.denies(shop.posting(summed)).await;
        // The balance would fit, what the day brought would not.
        shop.does(huge(2, 1)).await;
        let in_a_day = shop.denies(huge(1, 2)).await;
        let fresh = shop.unit().with(open(4, Bounds::NONE)).with(open(5, Bounds::NONE));
        let fresh = fresh.with(huge(4, 5)).with(huge(5, 4)).with(huge(4, 5));
        let in_a_unit = shop.refused(fresh).await;

        for refused in [credited, debited, summed, in_a_day, in_a_unit] {
            assert_eq!(refused, Refusal::TooLarge);
        }
        assert_eq!((shop.balance(1).await, shop.balance(2).await), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_transfer_counts_in_the_past_or_now_but_never_in_the_future() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let now = shop.clock.now();
        let later = at(0).after(std::time::Duration::from_micros(1));

        let past =
            shop.does(Command::Post(effective(shop.moving(BANK, ALICE, 1), at(-900 * DAY)))).await;
        let present = shop.does(Command::Post(effective(shop.moving(BANK, ALICE, 1), now))).await;
        let future =
            shop.denies(Command::Post(effective(shop.moving(BANK, ALICE, 1), later))).await;

        let times = |posted: &socle_books::Posted| (posted.recorded_at, posted.effective_at);
        assert_eq!(times(only(&past)), (at(0), at(-900 * DAY)));
        assert_eq!(times(only(&present)), (at(0), at(0)));
        assert_eq!(future, Refusal::EffectiveInFuture);
        let days = "select count(*) from socle_shop.rollup where tenant_id = $1 and credit = 1";
        assert_eq!(shop.number(days).await, 2);
    })
    .await;
}

#[tokio::test]
async fn recorded_time_never_goes_back_even_when_the_clock_does() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.clock.move_by(HOUR);
        shop.moves(BANK, ALICE, 5).await;

        shop.clock.move_by(-2 * HOUR);
        let after = shop.moves(ALICE, BOB, 1).await;
        let ahead = effective(shop.moving(BANK, ALICE, 1), just_before(at(HOUR)));
        let ahead = shop.does(Command::Post(ahead)).await;
        let apart = shop.does(open(30, Bounds::NONE)).await;
        let apart_from_it = shop.does(Command::Post(shop.moving(30, BOB, 1))).await;

        assert!(apart.posted.is_empty());
        assert_eq!((after.recorded_at, after.effective_at), (at(HOUR), at(HOUR)));
        assert_eq!(only(&ahead).recorded_at, at(HOUR));
        assert_eq!(only(&ahead).effective_at, just_before(at(HOUR)));
        assert_eq!(only(&apart_from_it).recorded_at, at(HOUR), "Bob's account has seen it");
    })
    .await;
}

#[tokio::test]
async fn a_unit_and_its_metadata_are_bounded() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let many = (0..=socle_books::COMMANDS_MAX).map(|_| open(ALICE, Bounds::NOT_NEGATIVE));
        let many = many.fold(shop.unit(), Unit::with);
        let mut wordy = transfer(shop.id(), BANK, ALICE, 1);
        wordy.memo.metadata = (0..=socle_books::METADATA_MAX)
            .map(|n| (format!("key-{n}"), "value".to_owned()))
            .collect();

        let commands = shop.refused(many).await;
        let metadata = shop.denies(Command::Post(wordy)).await;

        let expected = Refusal::TooMuch { max: 1_000, metadata: 32 };
        assert_eq!((commands, metadata), (expected.clone(), expected));
    })
    .await;
}
