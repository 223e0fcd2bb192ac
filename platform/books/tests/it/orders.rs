//! What comes in any order gives the same figures at every date.

use proptest::{
    collection::vec,
    strategy::Strategy,
    test_runner::{Config, TestCaseError, TestRunner},
};
use socle_books::{Command, Unit, read};
use socle_kernel::Timestamp;

use crate::{
    shop::{CAROL, DAY, HOUR, Shop, at},
    world::{ENTRANCES, World, account},
};

/// An income: points, effective hours ago, life in hours.
type Income = (i32, i64, Option<i64>);

const DAYS: i64 = 40;

/// The balance at the end of each day: roll-ups by then, less what had expired unrecorded.
const FIGURES: &str = "
    select (day - '2030-01-01')::int8,
           coalesce((select sum(r.credit - r.debit - r.expired) from socle_shop.rollup as r
                     where r.tenant_id = $1 and r.account_id = $2 and r.day <= every.day), 0)::int8
           - coalesce((select sum(l.remaining) from socle_shop.lot as l
                       where l.tenant_id = $1 and l.account_id = $2
                           and l.expires_at < every.day + 1), 0)::int8
    from (select '2030-01-01'::date - n as day from generate_series(0, 40) as n) as every
    order by day";

async fn figures(shop: &Shop<'_>) -> Vec<(i64, i64)> {
    let asked = sqlx::query_as(FIGURES).bind(shop.cx().tenant.uuid()).bind(account(CAROL).uuid());
    asked.fetch_all(&shop.admin).await.expect("the figures are read")
}

/// What was there at the end of a day, reckoned from the incomes alone.
fn reckoned(incomes: &[Income]) -> Vec<(i64, i64)> {
    let at_end = |day: i64| {
        // Noon of the first day is hour nought; a day ends before its midnight.
        let end = 24 * day + 12;
        let there = incomes
            .iter()
            .filter(|(_, ago, life)| -ago < end && life.is_none_or(|life| end <= life - ago));
        there.map(|it| i64::from(it.0)).sum()
    };
    (-DAYS..=0).map(|day| (day, at_end(day))).collect()
}

/// Posts the incomes in this order, and lets what has expired be recorded after some of them.
async fn posted(shop: &Shop<'_>, incomes: &[Income], recorded_after: usize) {
    shop.opened().await;
    for (place, (minor, ago, life)) in incomes.iter().enumerate() {
        let expires = life.map(|life| (life - ago) * HOUR);
        let mut unit = shop.unit().with(Command::Post(shop.earning(*minor, -ago * HOUR, expires)));
        if place == recorded_after {
            unit = unit.with(Command::Expire(account(CAROL)));
        }
        shop.done(unit).await;
    }
}

async fn same_in_any_order(
    world: &World,
    tenants: &mut u128,
    (first, second): (Vec<Income>, Vec<Income>),
) -> Result<(), TestCaseError> {
    let expected = reckoned(&first);
    for (incomes, by, recorded_after) in
        [(&first, ENTRANCES[0], usize::MAX), (&second, ENTRANCES[1], second.len() / 2)]
    {
        *tenants += 1;
        let shop = Shop::new(world, by, *tenants);
        posted(&shop, incomes, recorded_after).await;

        proptest::prop_assert_eq!(&figures(&shop).await, &expected);
        for (day, balance) in [expected[0], expected[17], expected[33], expected[40]] {
            let end: Timestamp = at(day * DAY).day().end();
            let cx = shop.cx();
            let told = read::as_of(world.db.read(&cx), account(CAROL), end, cx.now).await;
            let told = told.expect("it is read").balance().expect("it is small");
            proptest::prop_assert_eq!(told.minor(), balance, "as of day {}", day);
        }
    }
    Ok(())
}

#[test]
fn incomes_in_any_order_give_the_same_balance_at_every_date() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let world = runtime.block_on(World::new());
    let cases = if std::env::var_os("SOCLE_LONG").is_some() { 200 } else { 6 };
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let life = proptest::option::of(1..600_i64);
    let incomes = vec((1..100, 1..(DAYS * 24), life), 1..25);
    let orders = incomes.prop_flat_map(|it| {
        let shuffled = proptest::strategy::Just(it.clone()).prop_shuffle();
        (proptest::strategy::Just(it), shuffled)
    });

    let mut tenants = 0;
    let tenants = std::cell::RefCell::new(&mut tenants);
    let done = TestRunner::new(config).run(&orders, |orders| {
        runtime.block_on(same_in_any_order(&world, &mut tenants.borrow_mut(), orders))
    });

    if let Err(error) = done {
        panic!("{error}");
    }
    runtime.block_on(async { drop(world) });
}

/// Incomes without end of life, and burns that the incomes before them always cover: one of each
/// day's incomes, halved. Any order in which each burn is admissible gives the same figures.
#[test]
fn incomes_and_covered_burns_in_any_order_give_the_same_balance_at_every_date() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let world = runtime.block_on(World::new());
    let cases = if std::env::var_os("SOCLE_LONG").is_some() { 100 } else { 6 };
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let moves = vec((2..100, 2..DAYS, 0..DAYS), 1..12).prop_flat_map(|all| {
        let shuffled = proptest::strategy::Just(all.clone()).prop_shuffle();
        (proptest::strategy::Just(all), shuffled)
    });

    let tenants = std::cell::Cell::new(0);
    let done = TestRunner::new(config).run(&moves, |(first, second)| {
        let orders = [(&first, ENTRANCES[0]), (&second, ENTRANCES[1])];
        let seen = orders.map(|(moves, by)| {
            tenants.set(tenants.get() + 1);
            runtime.block_on(async {
                let shop = Shop::new(&world, by, tenants.get());
                earned_and_burnt(&shop, moves).await;
                figures(&shop).await
            })
        });
        proptest::prop_assert_eq!(&seen[0], &seen[1]);
        proptest::prop_assert_eq!(&seen[0], &reckoned_with_burns(&first));
        Ok(())
    });

    if let Err(error) = done {
        panic!("{error}");
    }
    runtime.block_on(async { drop(world) });
}

/// An income so many days ago, and a burn of half of it, later by so many days, but not tomorrow.
type Covered = (i32, i64, i64);

fn burnt_ago((_, ago, later): Covered) -> i64 {
    ago - later.min(ago)
}

/// Each burn comes right after its income; the pairs come in this order.
async fn earned_and_burnt(shop: &Shop<'_>, moves: &[Covered]) {
    shop.opened().await;
    for &(minor, ago, later) in moves {
        shop.done(shop.unit().with(Command::Post(shop.earning(minor, -ago * DAY, None)))).await;
        let burn = shop.moving(CAROL, crate::shop::BANK, minor / 2);
        let burn = crate::shop::effective(burn, at(-burnt_ago((minor, ago, later)) * DAY));
        shop.done(shop.unit().with(Command::Post(burn))).await;
    }
}

fn reckoned_with_burns(moves: &[Covered]) -> Vec<(i64, i64)> {
    let by = |day: i64, it: &Covered| {
        let earned = if -it.1 <= day { i64::from(it.0) } else { 0 };
        let burnt = if -burnt_ago(*it) <= day { i64::from(it.0 / 2) } else { 0 };
        earned - burnt
    };
    (-DAYS..=0).map(|day| (day, moves.iter().map(|it| by(day, it)).sum())).collect()
}

#[tokio::test]
async fn a_backdated_burn_counts_on_its_own_day() {
    let world = World::new().await;
    let shop = Shop::new(&world, ENTRANCES[1], 1);
    shop.opened().await;
    shop.done(shop.unit().with(Command::Post(shop.earning(50, -5 * DAY, None)))).await;
    let burn = crate::shop::effective(shop.moving(CAROL, crate::shop::BANK, 20), at(-3 * DAY));

    shop.done(Unit::with(shop.unit(), Command::Post(burn))).await;

    let last: Vec<_> = figures(&shop).await.split_off(34);
    assert_eq!(last, [(-6, 0), (-5, 50), (-4, 50), (-3, 30), (-2, 30), (-1, 30), (0, 30)]);
}
