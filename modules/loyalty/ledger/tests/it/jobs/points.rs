//! Points whose time is over: recorded at night, in parts, by whoever is left to do it.

use futures_util::future::join_all;
use socle_books::verify::Tenants;
use socle_jobs::{State, Worker};
use socle_ledger::{Ledger, works};
use socle_testkit::{Child, TestDatabase, child_scenario};

use super::{at, jobs, living_in};
use crate::world::{ALICE, World};

const RECORDED: &str = "select count(*) from socle_ledger.transfer where flow = 2";

/// More than are recorded in one commit.
const CUSTOMERS: i64 = 600;

#[tokio::test]
async fn what_has_expired_is_recorded_at_one_in_the_tenant_s_own_night() {
    let world = World::new().await;
    world.bought(ALICE, "2029-01-02", "30.00").await;
    let worker = world.worker(living_in(&world, "America/New_York"));
    let pump = async |text| {
        worker.pump(at(text)).await.expect("the jobs are done");
        world.database.number(RECORDED).await
    };

    let by_day = pump("2030-01-01T12:00:00Z").await;
    let in_the_evening = pump("2030-01-02T05:59:59Z").await;
    let at_one = pump("2030-01-02T06:00:00Z").await;
    let again = pump("2030-01-03T06:00:00Z").await;

    assert_eq!([by_day, in_the_evening, at_one, again], [0, 0, 1, 1]);
    let jobs = jobs(&world, "ledger.expire-points").await;
    let [second, first] = &jobs[..] else { panic!("two nights: {jobs:?}") };
    assert_eq!((&*first.state, &*second.state), (State::Done.name(), State::Done.name()));
    assert_eq!(first.tenant, world.cx.tenant);
}

#[tokio::test]
async fn what_a_worker_recorded_before_it_died_is_recorded_once() {
    let world = World::new().await;
    let names: Vec<String> = (0..CUSTOMERS).map(|it| format!("customer-{it}")).collect();
    join_all(names.iter().map(|it| world.bought(it, "2029-01-02", "30.00"))).await;
    world.worker(living_in(&world, "UTC")).pump(world.cx.now).await.expect("it is kept");

    let died = Child::playing("jobs::points::player", &world.database.name);
    let died = died.dying_at("books.committed").run();
    let by_then = world.database.number(RECORDED).await;
    let forgotten = "update socle_ledger.job_worker set leased_until = clock_timestamp()";
    world.database.execute(forgotten).await;
    world.pump(at("2030-01-02T01:05:00Z")).await;

    assert!(!died.success());
    assert!(0 < by_then && by_then < CUSTOMERS, "{by_then}");
    assert_eq!(world.database.number(RECORDED).await, CUSTOMERS);
    let report = world.ledger.verify(Tenants::All).await.expect("it runs");
    assert!(report.is_conserved && report.differences.is_empty(), "{report:?}");
    let jobs = jobs(&world, "ledger.expire-points").await;
    assert_eq!((jobs.len(), &*jobs[0].state), (1, State::Done.name()), "{jobs:?}");
}

/// The child of the test above: a worker that does what the night brings.
#[tokio::test]
async fn player() {
    let Some(name) = child_scenario() else { return };
    let database = TestDatabase::named(name).await;
    let ledger = Ledger::new(database.db("ledger"));
    let tenants = vec![(socle_testkit::cx().tenant, jiff::tz::TimeZone::UTC)];
    let directory = std::sync::Arc::new(crate::world::Tenants(tenants));
    let worker = Worker::new(database.db("ledger"), works(&ledger));
    let worker = worker.with_calendar(socle_ledger::crons(), directory);
    worker.pump(at("2030-01-02T01:00:00Z")).await.expect("it dies before");
}
