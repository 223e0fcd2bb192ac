//! What a merchant reports.

use std::collections::BTreeMap;

use socle_books::{Flow, Posted, read::Total};
use socle_kernel::{Amount, Day};
use socle_ledger::LiabilityDay;

use crate::world::{ALICE, BOB, World, amount, customer, day, end, noon};

/// A few years of two customers.
async fn played() -> World {
    let world = World::new().await;
    world.bought(ALICE, "2028-03-10", "40.00").await;
    let bought = world.bought(BOB, "2029-02-10", "25.00").await;
    world.bought(ALICE, "2029-06-15", "30.00").await;
    let spending = socle_ledger::Spending {
        effective_at: Some(noon("2029-03-01")),
        ..world.spending(ALICE, 15)
    };
    world.ledger.burn(&world.cx, &world.programme, spending).await.expect("spent");
    world.refund(bought.id, "5.00").await.expect("refunded");
    world.adjust(BOB, 8, "a gift").await.expect("given");
    world
}

/// The days of the years that [`played`] tells of.
fn days() -> impl Iterator<Item = Day> {
    (0..=1_100).map(|it| day("2028-03-01").plus_days(it)).take_while(|it| *it <= day("2030-12-31"))
}

#[tokio::test]
async fn the_balance_at_any_date_counts_what_was_effective_and_had_not_expired() {
    let world = played().await;

    let mut seen = Vec::new();
    for at in [
        "2028-03-09",
        "2028-03-10",
        "2029-02-28",
        "2029-03-01",
        "2029-03-09",
        "2029-03-10",
        "2029-06-15",
        "2030-06-14",
        "2030-06-15",
    ] {
        let it = world.balance_at(ALICE, end(at)).await;
        seen.push([it.earned, it.spent, it.expired, it.available].map(Amount::minor));
    }

    let expected = [
        [0, 0, 0, 0],
        [40, 0, 0, 40],
        [40, 0, 0, 40],
        [40, 15, 0, 25],
        [40, 15, 0, 25],
        [40, 15, 25, 0],
        [70, 15, 25, 30],
        [70, 15, 25, 30],
        [70, 15, 55, 0],
    ];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn what_expires_in_the_next_days_is_told_by_day() {
    let world = World::new().await;
    for (whose, date, sum) in [
        (ALICE, "2029-01-01", "1.00"),
        (ALICE, "2029-01-02", "2.00"),
        (ALICE, "2029-01-31", "4.00"),
        (BOB, "2029-01-31", "8.00"),
        (ALICE, "2029-02-01", "16.00"),
        (ALICE, "2029-03-02", "32.00"),
        (ALICE, "2029-04-01", "64.00"),
        (ALICE, "2029-04-02", "128.00"),
    ] {
        world.bought(whose, date, sum).await;
    }
    let expiring = async |days| {
        let found = world.ledger.expiring(&world.cx, &world.programme, days).await;
        let found = found.expect("a list").into_iter();
        found.map(|it| (it.day.to_string(), it.accounts, it.amount.minor())).collect::<Vec<_>>()
    };
    let row = |day: &str, accounts, points| (day.to_owned(), accounts, points);
    let first = [row("2030-01-02", 1, 2), row("2030-01-31", 2, 12)];
    let second = [row("2030-02-01", 1, 16), row("2030-03-02", 1, 32)];
    let third = [row("2030-04-01", 1, 64)];

    assert_eq!(expiring(30).await, first);
    assert_eq!(expiring(60).await, [first.clone(), second.clone()].concat());
    assert_eq!(expiring(90).await, [&first[..], &second, &third].concat());
    world.burn(&world.cx, ALICE, 2).await.expect("spent");
    assert_eq!(expiring(30).await, first[1..]);
}

#[tokio::test]
async fn what_is_owed_by_day_is_what_the_journal_adds_up_to() {
    let world = played().await;
    let owed = async || {
        let (from, until) = (day("2028-03-01"), day("2030-12-31"));
        let found = world.ledger.liability(&world.cx, &world.programme, from, until).await;
        found.expect("a list")
    };
    let before = owed().await;

    let recorded = world.ledger.expire_due(&world.on("2031-12-31")).await.expect("recorded");
    let after = owed().await;

    assert_eq!(recorded, 4);
    assert_eq!(after, before);
    let journal = world.ledger.journal(&world.cx, 0, 500).await.expect("the journal");
    assert_eq!(after, naive(&world, &journal));
    let last = after.last().expect("a day");
    assert_eq!((last.day, last.points, last.value), (day("2030-12-31"), amount(8), amount(8)));
    let (from, until) = (day("2029-06-14"), day("2029-06-15"));
    let part = world.ledger.liability(&world.cx, &world.programme, from, until).await;
    let part = part.expect("a list");
    assert_eq!(
        part[..],
        before.iter().filter(|it| (from..=until).contains(&it.day)).copied().collect::<Vec<_>>()
    );
}

/// What was owed by day, added up transaction by transaction.
fn naive(world: &World, journal: &[Posted]) -> Vec<LiabilityDay> {
    let owed = [
        world.customers(ALICE).points.id,
        world.customers(BOB).points.id,
        world.system().liability.id,
    ];
    let mut by_day: BTreeMap<Day, [i64; 3]> = BTreeMap::new();
    for posted in journal {
        for leg in posted.legs.iter().filter(|it| owed.contains(&it.account)) {
            let minor = leg.amount.minor();
            let [earned, spent, expired] = by_day.entry(posted.effective_at.day()).or_default();
            match (posted.flow, 0 < minor) {
                (Flow::Plain, true) | (Flow::Correction, false) => *earned += minor,
                (Flow::Plain, false) | (Flow::Correction, true) => *spent -= minor,
                (Flow::Expiry, _) => *expired -= minor,
            }
        }
    }
    let mut points = 0;
    let each = days().map(|day| {
        let [earned, spent, expired] = by_day.get(&day).copied().unwrap_or_default();
        points += earned - spent - expired;
        let of = |it: i64| Amount::try_new(it).expect("an amount");
        let [earned, spent, expired] = [earned, spent, expired].map(of);
        let value = world.programme.value_of(of(points)).expect("a value");
        LiabilityDay { day, earned, spent, expired, points: of(points), value }
    });
    each.collect()
}

#[tokio::test]
async fn the_trial_balance_sums_to_zero_at_every_date() {
    let world = played().await;
    let at = async |on| world.ledger.trial_balance(&world.cx, on).await.expect("a balance");
    let total = |purpose: &str, side, accounts, balance| Total {
        asset: world.programme.asset(),
        purpose: purpose.to_owned(),
        side,
        accounts,
        balance: amount(balance),
    };
    let marks: Vec<_> = days().step_by(37).chain([day("2029-03-10"), day("2030-06-15")]).collect();

    let mut before = Vec::new();
    for on in marks.iter().copied() {
        let totals = at(on).await;
        let sum: i64 = totals.iter().map(|it| it.balance.minor()).sum();
        assert_eq!((totals.len(), sum), (6, 0), "{on}");
        before.push(totals);
    }

    let expected = [
        total("breakage", 1, 1, 25),
        total("debt", 1, 2, 0),
        total("liability", 1, 1, 0),
        total("points", 1, 2, 58),
        total("settlement", 1, 1, 15),
        total("issuance", -1, 1, -98),
    ];
    assert_eq!(at(day("2030-01-01")).await, expected);
    world.ledger.expire_due(&world.on("2031-12-31")).await.expect("recorded");
    for (on, before) in marks.into_iter().zip(before) {
        assert_eq!(at(on).await, before, "{on}");
    }
}

#[tokio::test]
async fn recording_what_has_expired_changes_no_balance_at_any_date() {
    let world = played().await;
    let balances = async || {
        let mut seen = Vec::new();
        for on in days().step_by(13) {
            seen.push((
                world.balance_at(ALICE, on.end()).await,
                world.balance_at(BOB, on.end()).await,
            ));
        }
        seen
    };
    let before = balances().await;

    for (date, recorded) in
        [("2029-12-31", 1), ("2030-01-01", 0), ("2030-03-01", 1), ("2030-03-01", 0)]
    {
        let posted = world.ledger.expire_due(&world.on(date)).await.expect("recorded");
        assert_eq!(posted, recorded, "{date}");
        assert_eq!(balances().await, before, "{date}");
    }

    let (cx, bob) = (&world.on("2030-03-01"), customer(BOB));
    let lots = world.ledger.open_lots(cx, &world.programme, &bob, cx.now).await.expect("lots");
    let lots: Vec<_> = lots.iter().map(|it| it.free.minor()).collect();
    assert_eq!(lots, [8]);
}
