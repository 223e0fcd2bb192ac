//! Crashes: a process dies at every step of a batch, and nothing is lost, half done or done twice.

use std::os::unix::process::ExitStatusExt;

use futures_util::future::join_all;
use socle_books::{Command, Error, FAILPOINTS, Key, Receipt, Unit};
use socle_kernel::Id;
use socle_testkit::{Child, TestDatabase, child_scenario};
use uuid::Uuid;

use crate::{
    notes::{announce, note, world_with_notes},
    shop::{ALICE, BANK, CAROL, DAY, Shop},
    world::{ENTRANCES, Entrance, World},
};

/// Units of a scenario, and how many are under way at once.
const UNITS: u32 = 40;
const WAVE: usize = 10;

/// A unit that can be told by its number: a lot, a burn, a hold, an own row and events.
fn unit(shop: &Shop<'_>, n: u32) -> Unit {
    let id = |kind: u32| Uuid::from_u128(u128::from(kind) << 64 | u128::from(n));
    let mut earn = shop.earning(10, 0, Some(DAY));
    earn.id = Id::from_uuid(id(1));
    let mut burn = shop.moving(CAROL, BANK, 3);
    burn.id = Id::from_uuid(id(2));
    let mut hold = shop.holding(CAROL, ALICE, 2, DAY);
    hold.id = Id::from_uuid(id(3));
    shop.unit()
        .keyed(Key::new("crash", &n.to_string(), &n))
        .announcing(announce)
        .with_row(note(&format!("unit {n}"), 1))
        .with(Command::Post(earn))
        .with(Command::Post(burn))
        .with(Command::Hold(hold))
}

async fn submit_in_waves(
    shop: &Shop<'_>,
    range: impl Iterator<Item = u32>,
) -> Vec<Result<Receipt, Error>> {
    let mut outcomes = Vec::new();
    let all: Vec<u32> = range.collect();
    for wave in all.chunks(WAVE) {
        outcomes.extend(join_all(wave.iter().map(|n| shop.submit(unit(shop, *n)))).await);
    }
    outcomes
}

/// What a child does: `<entrance> <database> <first> <last>`.
fn scenario(by: Entrance, database: &TestDatabase, from: u32, to: u32) -> String {
    format!("{by:?} {} {from} {to}", database.name)
}

/// Plays the scenario that this process was started for; in the parent there is none.
#[tokio::test]
async fn player() {
    let Some(scenario) = child_scenario() else { return };
    let words: Vec<&str> = scenario.split(' ').collect();
    let [by, database, from, to] = words[..] else { panic!("four words: {scenario}") };
    let by = ENTRANCES.into_iter().find(|it| format!("{it:?}") == by).expect("an entrance");
    let [from, to] = [from, to].map(|it| it.parse::<u32>().expect("a number"));
    let world = World::on(TestDatabase::named(database.to_owned()).await);
    let shop = Shop::new(&world, by, 1);
    for outcome in submit_in_waves(&shop, from..to).await {
        outcome.expect("a child's unit takes effect");
    }
}

/// Every unit is in, whole, once; nothing else is.
async fn assert_each_took_effect_once(shop: &Shop<'_>, units: u32) {
    let units = i64::from(units);
    let count = [
        ("select count(*) from socle_shop.transfer where tenant_id = $1", 2),
        ("select count(*) from socle_shop.entry where tenant_id = $1", 4),
        ("select count(*) from socle_shop.lot where tenant_id = $1", 1),
        ("select count(*) from socle_shop.hold where tenant_id = $1 and state = 'open'", 1),
        ("select count(*) from socle_shop.note where tenant_id = $1", 1),
        ("select count(*) from socle_shop.outbox where tenant_id = $1", 2),
        ("select count(*) from socle_shop.idempotency where tenant_id = $1", 1),
        ("select number from socle_shop.journal where tenant_id = $1", 2),
        ("select max(number) from socle_shop.transfer where tenant_id = $1", 2),
        (
            "select sum(credit - debit)::int8 from socle_shop.rollup
          where tenant_id = $1 and account_id::text like '%acc0004'",
            7,
        ),
        ("select sum(remaining)::int8 from socle_shop.lot where tenant_id = $1", 7),
        ("select sum(reserved)::int8 from socle_shop.lot where tenant_id = $1", 2),
        ("select sum(amount)::int8 from socle_shop.hold_lot where tenant_id = $1", 2),
        ("select sum(balance)::int8 from socle_shop.account where tenant_id = $1", 0),
        ("select sum(amount)::int8 from socle_shop.entry where tenant_id = $1", 0),
    ];
    for (sql, each) in count {
        assert_eq!(shop.number(sql).await, each * units, "{sql}");
    }
    assert_eq!(shop.figures(CAROL).await, (7 * units, 2 * units, 0));
    assert_eq!(shop.figures(BANK).await, (-7 * units, 0, 0));
}

/// A child dies at the point once something has committed; its units are submitted again.
async fn dies_and_is_recovered(by: Entrance, failpoint: &str) {
    let world = world_with_notes().await;
    let shop = Shop::new(&world, by, 1);
    shop.opened().await;
    let scenario = scenario(by, &world.database, 0, UNITS);

    // The second batch; or the first transaction of the second wave, when the first is through.
    let pass = if by == Entrance::Sequencer { 2 } else { WAVE + 1 };
    let child = Child::playing("crash::player", &scenario);
    let child = child.dying_at(&format!("{failpoint}:{pass}"));
    let ended = child.run();
    let outcomes = submit_in_waves(&shop, 0..UNITS).await;

    assert_eq!(ended.signal(), Some(9), "{failpoint} was never hit at {by:?}");
    let receipts = outcomes.into_iter().map(|it| it.expect("each gets a receipt"));
    let (again, first): (Vec<_>, Vec<_>) = receipts.partition(Receipt::is_replay);
    assert!(!again.is_empty(), "what the child had finished is not done again");
    assert!(!first.is_empty(), "the child did not finish");
    assert_each_took_effect_once(&shop, UNITS).await;
}

#[tokio::test]
async fn the_sequencer_recovers_from_death_at_every_failpoint() {
    for failpoint in FAILPOINTS {
        dies_and_is_recovered(Entrance::Sequencer, failpoint).await;
    }
}

#[tokio::test]
async fn a_callers_transaction_recovers_from_death_at_every_failpoint_on_its_way() {
    let of_the_queue = ["books.committed", "books.answered"];
    for failpoint in FAILPOINTS.iter().filter(|it| !of_the_queue.contains(it)) {
        dies_and_is_recovered(Entrance::Transaction, failpoint).await;
    }
}

#[tokio::test]
async fn two_processes_on_one_database_do_what_is_asked_of_both_once() {
    let world = world_with_notes().await;
    let shop = Shop::new(&world, Entrance::Sequencer, 1);
    shop.opened().await;
    let [first, second] = [(0, 120), (60, 180)]
        .map(|(from, to)| scenario(Entrance::Sequencer, &world.database, from, to));

    let (first, second) = std::thread::scope(|scope| {
        let second = scope.spawn(|| Child::playing("crash::player", &second).run());
        let first = Child::playing("crash::player", &first).run();
        (first, second.join().expect("the thread ends"))
    });

    assert!(first.success() && second.success(), "{first:?}, {second:?}");
    assert_each_took_effect_once(&shop, 180).await;
}
