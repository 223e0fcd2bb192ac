//! Lots: spent first-in-first-out, until the moment at which they are worth nothing.

use socle_books::{Command, EXPIRE, Flow, Refusal, Transfer};

use crate::{
    shop::{
        BANK, BREAKAGE, CAROL, DAY, HOUR, Shop, at, at_both_entrances, credit, debit, effective,
        figures_of, just_before,
    },
    world::{account, amount, only},
};

fn insufficient(available: i32, asked: i32) -> Refusal {
    let (available, asked) = (amount(available), amount(asked));
    Refusal::Insufficient { account: account(CAROL), available, asked }
}

fn spending(shop: &Shop<'_>, minor: i32, seconds: i64) -> Command {
    Command::Post(effective(shop.moving(CAROL, BANK, minor), at(seconds)))
}

#[tokio::test]
async fn lots_are_spent_in_the_order_of_their_effective_dates() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        for (minor, effective) in [(30, -DAY), (20, -3 * DAY), (10, -2 * DAY), (5, -3 * DAY)] {
            shop.does(Command::Post(shop.earning(minor, effective, None))).await;
        }

        shop.moves(CAROL, BANK, 22).await;
        let first = shop.lots().await;
        shop.moves(CAROL, BANK, 14).await;

        assert_eq!(first, [(30, 30, 0), (20, 0, 0), (10, 10, 0), (5, 3, 0)]);
        assert_eq!(shop.lots().await, [(30, 29, 0), (20, 0, 0), (10, 0, 0), (5, 0, 0)]);
        let moves = "select count(*) from socle_shop.lot_move where tenant_id = $1";
        assert_eq!(shop.number(moves).await, 5);
    })
    .await;
}

#[tokio::test]
async fn a_lot_can_be_spent_up_to_its_expiry_and_not_at_it() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.earns(50, Some(HOUR)).await;
        shop.clock.move_by(2 * HOUR);
        let last = just_before(at(HOUR));

        let at_it = shop.denies(spending(shop, 1, HOUR)).await;
        let now = shop.denies(Command::Post(shop.moving(CAROL, BANK, 1))).await;
        let before = effective(shop.moving(CAROL, BANK, 50), last);
        shop.does(Command::Post(before)).await;

        assert_eq!((at_it, now), (insufficient(0, 1), insufficient(0, 1)));
        assert_eq!(shop.lots().await, [(50, 0, 0)]);
    })
    .await;
}

#[tokio::test]
async fn a_backdated_burn_takes_only_from_lots_that_were_open_then() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.does(Command::Post(shop.earning(10, -5 * DAY, Some(-3 * DAY)))).await;
        shop.does(Command::Post(shop.earning(20, -4 * DAY, None))).await;
        shop.does(Command::Post(shop.earning(40, -DAY, None))).await;

        let before_all = shop.denies(spending(shop, 1, -5 * DAY - 1)).await;
        let after_the_first = shop.denies(spending(shop, 21, -2 * DAY)).await;
        shop.does(spending(shop, 12, -4 * DAY)).await;
        let then = shop.lots().await;
        shop.does(spending(shop, 18, -2 * DAY)).await;

        assert_eq!(before_all, insufficient(0, 1));
        assert_eq!(after_the_first, insufficient(20, 21));
        assert_eq!(then, [(10, 0, 0), (20, 18, 0), (40, 40, 0)]);
        assert_eq!(shop.lots().await, [(10, 0, 0), (20, 0, 0), (40, 40, 0)]);
    })
    .await;
}

#[tokio::test]
async fn expiry_is_recorded_at_each_lots_own_date_and_once() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.earns(10, Some(HOUR)).await;
        shop.earns(20, Some(2 * HOUR)).await;
        shop.earns(30, Some(4 * HOUR)).await;
        shop.moves(CAROL, BANK, 4).await;
        shop.clock.move_by(3 * HOUR);

        let receipt = shop.does(Command::Expire(account(CAROL))).await;
        let once = shop.rows().await;
        let again = shop.does(Command::Expire(account(CAROL))).await;

        let [first, second] = &receipt.posted[..] else { panic!("two lots: {receipt:?}") };
        assert_eq!(figures_of(first), [(account(CAROL), 5, -6, 50), (account(BREAKAGE), 1, 6, 6)]);
        assert_eq!(
            figures_of(second),
            [(account(CAROL), 6, -20, 30), (account(BREAKAGE), 2, 20, 26)]
        );
        assert_eq!((first.kind.as_str(), first.flow), (EXPIRE, Flow::Expiry));
        assert_eq!((first.effective_at, first.recorded_at), (at(HOUR), at(3 * HOUR)));
        assert_eq!((second.effective_at, second.recorded_at), (at(2 * HOUR), at(3 * HOUR)));
        assert!(again.posted.is_empty());
        assert_eq!(shop.rows().await, once);
        assert_eq!(shop.lots().await, [(10, 0, 0), (20, 0, 0), (30, 30, 0)]);
    })
    .await;
}

#[tokio::test]
async fn a_lot_expires_exactly_when_the_clock_reaches_its_date() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.earns(10, Some(HOUR)).await;
        shop.clock.move_by(HOUR - 1);
        let early = shop.does(Command::Expire(account(CAROL))).await;

        shop.clock.move_by(1);
        let due = shop.does(Command::Expire(account(CAROL))).await;

        assert!(early.posted.is_empty());
        assert_eq!(only(&due).effective_at, at(HOUR));
        assert_eq!(shop.balance(CAROL).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_lot_must_not_expire_before_it_begins() {
    at_both_entrances(async |shop| {
        shop.opened().await;

        let at_once = shop.denies(Command::Post(shop.earning(10, -DAY, Some(-DAY)))).await;
        let over = shop.does(Command::Post(shop.earning(10, -DAY, Some(-HOUR)))).await;

        assert_eq!(at_once, Refusal::ExpiresTooSoon);
        assert_eq!(only(&over).effective_at, at(-DAY), "a lot may be known too late to be spent");
        let refused = shop.denies(Command::Post(shop.moving(CAROL, BANK, 1))).await;
        assert_eq!(refused, insufficient(0, 1));
    })
    .await;
}

#[tokio::test]
async fn a_debit_prefers_the_lots_that_it_names() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.earns(10, None).await;
        let second = shop.earns(10, None).await;
        let legs = vec![debit(CAROL, 12).preferring(second), credit(BANK, 12)];

        shop.does(Command::Post(Transfer { legs, ..shop.moving(CAROL, BANK, 12) })).await;

        assert_eq!(shop.lots().await, [(10, 8, 0), (10, 0, 0)]);
    })
    .await;
}

#[tokio::test]
async fn a_lot_that_a_refused_unit_brought_or_spent_is_as_before() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.earns(10, None).await;
        let unit = shop
            .unit()
            .with(Command::Post(shop.earning(5, 0, None)))
            .with(Command::Post(shop.moving(CAROL, BANK, 12)))
            .with(Command::Post(shop.moving(CAROL, BANK, 4)));

        let refused = shop.refused(unit).await;
        shop.moves(CAROL, BANK, 10).await;

        assert_eq!(refused, insufficient(3, 4));
        assert_eq!(shop.lots().await, [(10, 0, 0)]);
    })
    .await;
}
