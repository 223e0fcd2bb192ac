//! Holds: captured, voided, ended by the clock.

use socle_books::{Capture, Command, Memo, Refusal};
use socle_kernel::HoldId;

use crate::{
    shop::{ALICE, BANK, BOB, CAROL, DAY, HOUR, Shop, at, at_both_entrances, figures_of},
    world::{account, amount, only, refusal},
};

fn capture(shop: &Shop<'_>, hold: HoldId, minor: Option<i32>) -> Command {
    let (id, amount) = (shop.id(), minor.map(amount));
    Command::Capture(Capture { id, hold, amount, memo: Memo::default() })
}

fn ended(hold: HoldId, state: &str) -> Refusal {
    Refusal::HoldEnded { hold, state: state.to_owned() }
}

fn state(state: &str, captured: i64) -> (String, i64) {
    (state.to_owned(), captured)
}

#[tokio::test]
async fn a_hold_sets_aside_and_its_capture_posts_all_that_is_left() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.moves(BANK, ALICE, 100).await;
        let hold = shop.holds(ALICE, BOB, 60, DAY).await;
        let before = (shop.figures(ALICE).await, shop.figures(BOB).await);

        let receipt = shop.does(capture(shop, hold, None)).await;

        assert_eq!(before, ((100, 60, 0), (0, 0, 60)));
        let posted = only(&receipt);
        assert_eq!(figures_of(posted), [(account(ALICE), 2, -60, 40), (account(BOB), 1, 60, 60)]);
        assert_eq!((posted.kind.as_str(), posted.hold), ("reserve", Some(hold)));
        assert_eq!(shop.hold_states().await, [state("captured", 60)]);
        assert_eq!(shop.figures(ALICE).await, (40, 0, 0));
        assert_eq!(shop.figures(BOB).await, (60, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_hold_is_captured_in_parts_until_nothing_is_left() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.moves(BANK, ALICE, 100).await;
        let hold = shop.holds(ALICE, BOB, 60, DAY).await;

        shop.does(capture(shop, hold, Some(10))).await;
        let more = shop.denies(capture(shop, hold, Some(51))).await;
        let nothing = shop.denies(capture(shop, hold, Some(0))).await;
        shop.does(capture(shop, hold, Some(20))).await;
        let open = (shop.hold_states().await, shop.figures(ALICE).await);
        shop.does(capture(shop, hold, Some(30))).await;
        let again = shop.denies(capture(shop, hold, Some(1))).await;

        assert_eq!(more, Refusal::HoldExceeded { hold, left: amount(50), asked: amount(51) });
        assert_eq!(nothing, Refusal::NotPositive);
        assert_eq!(open, (vec![state("open", 30)], (70, 30, 0)));
        assert_eq!(again, ended(hold, "captured"));
        assert_eq!(shop.figures(ALICE).await, (40, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_void_frees_what_is_left_and_a_second_one_does_nothing() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.moves(BANK, ALICE, 100).await;
        let hold = shop.holds(ALICE, BOB, 60, DAY).await;
        shop.does(capture(shop, hold, Some(10))).await;

        shop.does(Command::Void(hold)).await;
        let once = shop.rows().await;
        shop.does(Command::Void(hold)).await;
        let late = shop.denies(capture(shop, hold, None)).await;

        assert_eq!(shop.rows().await, once);
        assert_eq!(late, ended(hold, "voided"));
        assert_eq!(shop.hold_states().await, [state("voided", 10)]);
        assert_eq!(shop.figures(ALICE).await, (90, 0, 0));
        assert_eq!(shop.figures(BOB).await, (10, 0, 0));
        let unknown = shop.id();
        let refused = shop.denies(Command::Void(unknown)).await;
        assert_eq!(refused, Refusal::UnknownHold { hold: unknown });
    })
    .await;
}

#[tokio::test]
async fn a_hold_ends_when_the_clock_passes_and_its_amount_is_available_to_the_next_command() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.moves(BANK, ALICE, 100).await;
        let hold = shop.holds(ALICE, BOB, 60, HOUR).await;
        shop.clock.move_by(HOUR - 1);
        let early = shop.denies(Command::Post(shop.moving(ALICE, BANK, 41))).await;

        shop.clock.move_by(1);
        let captured = shop.submit(shop.unit().with(capture(shop, hold, None))).await;
        let voided = shop.submit(shop.unit().with(Command::Void(hold))).await;
        shop.moves(ALICE, BANK, 100).await;

        let (available, asked) = (amount(40), amount(41));
        let account = account(ALICE);
        assert_eq!(early, Refusal::Insufficient { account, available, asked });
        assert_eq!(refusal(captured), ended(hold, "expired"));
        assert_eq!(refusal(voided), ended(hold, "expired"));
        assert_eq!(shop.hold_states().await, [state("expired", 0)]);
        assert_eq!(shop.figures(ALICE).await, (0, 0, 0));
        assert_eq!(shop.figures(BOB).await, (0, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_hold_that_has_ended_is_freed_from_its_other_end_too() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.moves(BANK, ALICE, 100).await;
        shop.holds(ALICE, BOB, 60, HOUR).await;
        shop.clock.move_by(HOUR);

        shop.moves(BANK, BOB, 1).await;

        assert_eq!(shop.figures(ALICE).await, (100, 0, 0));
        assert_eq!(shop.figures(BOB).await, (1, 0, 0));
        assert_eq!(shop.hold_states().await, [state("expired", 0)]);
    })
    .await;
}

#[tokio::test]
async fn the_same_hold_is_set_aside_once() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.moves(BANK, ALICE, 100).await;
        let hold = shop.holding(ALICE, BOB, 60, DAY);
        shop.does(Command::Hold(hold.clone())).await;
        let once = shop.rows().await;

        shop.does(Command::Hold(hold.clone())).await;
        let other = socle_books::NewHold { amount: amount(59), ..hold };
        let other = shop.denies(Command::Hold(other)).await;

        assert_eq!(other, Refusal::IdReused);
        assert_eq!(shop.rows().await, once);
    })
    .await;
}

#[tokio::test]
async fn a_hold_that_cannot_be_is_refused() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let unknown = shop.id();

        let nothing = shop.denies(Command::Hold(shop.holding(BANK, BOB, 0, DAY))).await;
        let less = shop.denies(Command::Hold(shop.holding(BANK, BOB, -1, DAY))).await;
        let over = shop.denies(Command::Hold(shop.holding(BANK, BOB, 1, 0))).await;
        let itself = shop.denies(Command::Hold(shop.holding(BANK, BANK, 1, DAY))).await;
        let nobody = shop.denies(Command::Hold(shop.holding(BANK, 77, 1, DAY))).await;
        let no_hold = shop.denies(capture(shop, unknown, None)).await;

        assert_eq!((nothing, less), (Refusal::NotPositive, Refusal::NotPositive));
        assert_eq!(over, Refusal::ExpiresTooSoon);
        assert_eq!(itself, Refusal::AssetsDiffer);
        assert_eq!(nobody, Refusal::UnknownAccount { account: account(77) });
        assert_eq!(no_hold, Refusal::UnknownHold { hold: unknown });
    })
    .await;
}

#[tokio::test]
async fn a_hold_is_placed_captured_and_voided_within_one_unit() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let hold = shop.holding(BANK, BOB, 60, DAY);
        let id = hold.id;
        let unit = shop.unit().with(Command::Hold(hold)).with(capture(shop, id, Some(20)));

        let receipt = shop.done(unit.with(Command::Void(id))).await;

        assert_eq!(figures_of(only(&receipt)).len(), 2);
        assert_eq!(shop.hold_states().await, [state("voided", 20)]);
        assert_eq!(shop.figures(BANK).await, (-20, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn what_is_set_aside_of_a_lot_does_not_expire_while_the_hold_lives() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.earns(50, Some(HOUR)).await;
        shop.earns(50, Some(3 * HOUR)).await;
        let hold = shop.holds(CAROL, BANK, 60, 2 * HOUR).await;
        let set_aside = shop.lots().await;
        shop.clock.move_by(HOUR);

        shop.does(Command::Expire(account(CAROL))).await;
        let kept = shop.lots().await;
        shop.does(capture(shop, hold, Some(55))).await;

        assert_eq!(set_aside, [(50, 50, 50), (50, 50, 10)]);
        assert_eq!(kept, set_aside);
        assert_eq!(shop.lots().await, [(50, 0, 0), (50, 45, 5)]);
        assert_eq!(shop.figures(CAROL).await, (45, 5, 0));
    })
    .await;
}

#[tokio::test]
async fn a_void_gives_back_to_the_lot_which_then_expires_at_its_date() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.earns(50, Some(HOUR)).await;
        let hold = shop.holds(CAROL, BANK, 30, 2 * HOUR).await;
        shop.clock.move_by(HOUR);
        shop.does(Command::Expire(account(CAROL))).await;
        let early = shop.lots().await;

        shop.does(Command::Void(hold)).await;
        let back = shop.lots().await;
        let receipt = shop.does(Command::Expire(account(CAROL))).await;

        assert_eq!((early, back), (vec![(50, 30, 30)], vec![(50, 30, 0)]));
        assert_eq!(only(&receipt).effective_at, at(HOUR));
        assert_eq!(shop.lots().await, [(50, 0, 0)]);
        assert_eq!(shop.figures(CAROL).await, (0, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn lots_that_are_set_aside_are_not_spent_by_others() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.earns(50, None).await;
        let hold = shop.holds(CAROL, BANK, 30, HOUR).await;

        let refused = shop.denies(Command::Post(shop.moving(CAROL, BANK, 21))).await;
        shop.moves(CAROL, BANK, 20).await;
        let aside = shop.lots().await;
        shop.clock.move_by(HOUR);
        shop.moves(CAROL, BANK, 30).await;

        let (available, asked) = (amount(20), amount(21));
        let account = account(CAROL);
        assert_eq!(refused, Refusal::Insufficient { account, available, asked });
        assert_eq!(aside, [(50, 30, 30)]);
        assert_eq!(shop.lots().await, [(50, 0, 0)]);
        assert_eq!(shop.denies(capture(shop, hold, None)).await, ended(hold, "expired"));
    })
    .await;
}

#[tokio::test]
async fn what_is_captured_into_an_account_of_lots_never_expires() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let hold = shop.holds(BANK, CAROL, 30, HOUR).await;
        shop.does(capture(shop, hold, None)).await;
        shop.clock.move_by(10_000 * DAY);

        shop.does(Command::Expire(account(CAROL))).await;
        shop.moves(CAROL, BANK, 30).await;

        assert_eq!(shop.lots().await, [(30, 0, 0)]);
    })
    .await;
}

#[tokio::test]
async fn a_hold_is_captured_from_the_lots_that_came_first() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.earns(10, None).await;
        shop.does(Command::Post(shop.earning(10, -DAY, None))).await;
        let hold = shop.holds(CAROL, BANK, 15, DAY).await;
        let aside = shop.lots().await;

        shop.does(capture(shop, hold, Some(10))).await;

        assert_eq!(aside, [(10, 10, 5), (10, 10, 10)]);
        assert_eq!(shop.lots().await, [(10, 10, 5), (10, 0, 0)]);
    })
    .await;
}
