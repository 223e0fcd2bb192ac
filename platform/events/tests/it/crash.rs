//! Crashes: a worker dies at every step, and each event takes effect once all the same.

use std::os::unix::process::ExitStatusExt;

use socle_events::FAILPOINTS;
use socle_testkit::{Child, TestDatabase, child_scenario};

use crate::world::{Served, What, World, served, soup, told};

const TABLES: [&str; 3] = ["a", "b", "c"];

/// Each table is served seven times; one of them is too hot the third time.
fn all() -> Vec<Served> {
    let what = |table: &str, n| if table == "b" && n == 3 { What::Hot } else { What::Soup };
    (1..=7).flat_map(|n| TABLES.map(|table| served(table, n, what(table, n)))).collect()
}

/// What the child does, in the database that the scenario names.
#[tokio::test]
async fn player() {
    let Some(database) = child_scenario() else { return };
    let world = World::on(TestDatabase::named(database).await);
    let mut worker = world.worker_of(world.counting("count").batch(4));
    world.pump(&mut worker).await;
    *world.bears_heat.lock().expect("nobody panicked") = true;
    world.clock.move_by(60);
    world.pump(&mut worker).await;
}

async fn dies_and_is_recovered(failpoint: &str, pass: u32) {
    let world = World::new().await;
    world.serves(&world.cx(), &all()).await;
    world.serves(&world.cx(), &[soup("a", 8)]).await;

    let child = Child::playing("crash::player", &world.database.name);
    let ended = child.dying_at(&format!("{failpoint}:{pass}")).run();
    // Nobody waits until the lease of the dead has run out.
    let release = "update socle_kitchen.outbox_group set leased_until = '-infinity'";
    world.database.execute(release).await;
    let mut worker = world.worker("count");
    world.pump(&mut worker).await;
    *world.bears_heat.lock().expect("nobody panicked") = true;
    world.clock.move_by(120);
    world.pump(&mut worker).await;

    assert_eq!(ended.signal(), Some(9), "{failpoint}:{pass} was never hit");
    let counted = world.counted().await;
    for table in TABLES {
        let of_table: Vec<_> = counted.iter().filter(|it| it.0 == table).cloned().collect();
        let last = if table == "a" { 8 } else { 7 };
        let expected: Vec<Served> = (1..=last).map(|n| soup(table, n)).collect();
        assert_eq!(of_table, told(&expected), "{failpoint}:{pass}");
    }
}

#[tokio::test]
async fn a_worker_that_dies_at_any_failpoint_has_lost_and_doubled_nothing() {
    for failpoint in FAILPOINTS {
        dies_and_is_recovered(failpoint, 1).await;
    }
}

#[tokio::test]
async fn nor_has_one_that_dies_later() {
    for failpoint in ["events.handled", "events.committed", "events.page-handled"] {
        dies_and_is_recovered(failpoint, 3).await;
    }
}
