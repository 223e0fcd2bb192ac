//! The calendar: each time once, whoever turns it and whatever the clocks do.

use std::sync::{Arc, Mutex};

use futures_util::future::{self, BoxFuture, FutureExt, join_all};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use socle_jobs::{Cron, EVERY_TENANT, Job, Missed, Queue, TenantDirectory, Work, Worker, Zone};
use socle_kernel::{Fault, TenantId, Timestamp};

use crate::{
    kinds::{street, walking},
    world::{Log, World, tenant},
};

/// Empties the box.
#[derive(Debug, Serialize, Deserialize)]
struct EmptyBox;

impl Job for EmptyBox {
    const KIND: &'static str = "post.empty-box";
    const QUEUE: Queue = Queue::Scheduled;
}

/// The tenants that there are, as a test sets them.
#[derive(Debug, Clone, Default)]
struct Town(Arc<Mutex<Vec<(TenantId, &'static str)>>>);

impl Town {
    fn of(tenants: &[(TenantId, &'static str)]) -> Self {
        Self(Arc::new(Mutex::new(tenants.to_vec())))
    }

    fn becomes(&self, tenants: &[(TenantId, &'static str)]) {
        *self.0.lock().expect("whole") = tenants.to_vec();
    }
}

impl TenantDirectory for Town {
    fn tenants(&self) -> BoxFuture<'_, Result<Vec<(TenantId, TimeZone)>, Fault>> {
        let tenants = self.0.lock().expect("whole").clone();
        let zone = |name| TimeZone::get(name).expect("the zone is known");
        future::ready(Ok(tenants.into_iter().map(|it| (it.0, zone(it.1))).collect())).boxed()
    }
}

fn emptying(log: &Log) -> Work {
    let log = log.clone();
    Work::new(move |run, _: EmptyBox| {
        let log = log.clone();
        async move {
            log.add(format!("{:x} at {}", run.cx.tenant.uuid().as_u128() & 0xFF, run.cx.now));
            Ok(())
        }
    })
}

fn daily() -> Cron {
    Cron::new("post.empty", "30 2 * * *", Zone::OfTenant, || EmptyBox)
}

fn hourly() -> Cron {
    Cron::new("post.hourly", "0 * * * *", Zone::System, || EmptyBox)
}

fn postman(world: &World, crons: &[Cron], town: &Town) -> Worker {
    world.worker(vec![emptying(&world.log)]).with_calendar(crons.to_vec(), Arc::new(town.clone()))
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// Pumps at each of these times; what was done.
async fn pumped(world: &World, worker: &Worker, times: &[&str]) -> Vec<String> {
    for it in times {
        worker.pump(at(it)).await.expect("it is pumped");
    }
    world.log.lines()
}

#[tokio::test]
async fn each_tenant_has_its_own_time_where_clocks_go_forwards() {
    let world = World::new().await;
    let town = Town::of(&[(tenant(1), "Europe/Paris"), (tenant(2), "America/New_York")]);
    let worker = postman(&world, &[daily()], &town);
    let every_ten_minutes = |from: &str| {
        let from = at(from).to_jiff();
        (0..150).map(move |n| (from + jiff::SignedDuration::from_mins(10 * n)).to_string())
    };
    let paris: Vec<_> = every_ten_minutes("2026-03-28T23:00:00Z").collect();
    let paris: Vec<_> = paris.iter().map(String::as_str).collect();

    let lines = pumped(&world, &worker, &paris).await;

    assert_eq!(lines, ["1 at 2026-03-29T01:00:00Z", "2 at 2026-03-29T06:30:00Z"]);
}

#[tokio::test]
async fn a_time_that_comes_twice_is_done_once() {
    let world = World::new().await;
    let town = Town::of(&[(tenant(1), "Europe/Paris"), (tenant(2), "America/New_York")]);
    let worker = postman(&world, &[daily()], &town);

    let lines = pumped(
        &world,
        &worker,
        &[
            "2026-10-24T12:00:00Z",
            "2026-10-25T00:29:00Z",
            "2026-10-25T00:30:00Z",
            "2026-10-25T01:30:00Z",
            "2026-10-25T02:30:00Z",
            "2026-10-25T06:30:00Z",
        ],
    )
    .await;

    assert_eq!(lines, ["1 at 2026-10-25T00:30:00Z", "2 at 2026-10-25T06:30:00Z"]);
}

#[tokio::test]
async fn two_schedulers_do_not_do_a_time_twice() {
    let world = World::new().await;
    let elsewhere = world.elsewhere().await;
    let tenants: Vec<_> = (1..=50).map(|n| (tenant(n), "UTC")).collect();
    let town = Town::of(&tenants);
    let workers = [world.db.clone(), elsewhere].map(|db| {
        let worker = Worker::new(db, vec![emptying(&world.log)]);
        worker.with_calendar(vec![daily()], Arc::new(town.clone()))
    });
    for it in &workers {
        it.pump(at("2026-06-01T12:00:00Z")).await.expect("it is planned");
    }

    let now = at("2026-06-02T02:30:00Z");
    let all = [0, 1, 0, 1, 0, 1].map(|n: usize| workers[n].pump(now));
    for it in join_all(all).await {
        it.expect("it is pumped");
    }

    let mut lines = world.log.lines();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!((lines.len(), world.log.lines().len()), (50, 50));
    assert_eq!(world.count("job_fire").await, 50);
}

#[tokio::test]
async fn of_times_that_nobody_was_there_for_the_latest_is_made_up_for() {
    let world = World::new().await;
    let skipping = Cron::new("post.skip", "0 * * * *", Zone::System, || EmptyBox);
    let skipping = skipping.missed(Missed::Skip);
    let town = Town::default();
    let both = postman(&world, &[hourly()], &town);
    let skips = postman(&world, &[skipping], &town);
    let times = ["2026-06-01T11:30:00Z", "2026-06-03T15:20:00Z", "2026-06-03T16:00:10Z"];

    let once = pumped(&world, &both, &times).await;
    let with_skipping = pumped(&world, &skips, &times).await;

    assert_eq!(once, ["0 at 2026-06-03T15:20:00Z", "0 at 2026-06-03T16:00:10Z"]);
    assert_eq!(with_skipping[2..], ["0 at 2026-06-03T16:00:10Z"]);
    let fired = "select count(*) from socle_post.job_fire
                 where scheduled_at = '2026-06-03T15:00:00Z' and name = 'post.hourly'";
    assert_eq!(world.database.number(fired).await, 1, "it is done for the latest time");
}

#[tokio::test]
async fn a_clock_that_jumps_does_no_time_twice_and_stops_nothing() {
    let world = World::new().await;
    let worker = postman(&world, &[hourly()], &Town::default());

    let back = pumped(
        &world,
        &worker,
        &["2026-06-01T11:30:00Z", "2026-06-01T12:00:00Z", "2026-06-01T11:10:00Z"],
    )
    .await;
    let caught_up = pumped(&world, &worker, &["2026-06-01T12:00:01Z", "2026-06-01T13:00:00Z"]);
    let caught_up = caught_up.await[1..].to_vec();
    let forward = pumped(&world, &worker, &["2027-06-01T12:00:00Z", "2027-06-01T12:00:05Z"]).await;
    let home = pumped(&world, &worker, &["2026-06-01T13:30:00Z", "2026-06-01T14:00:00Z"]).await;

    assert_eq!(back, ["0 at 2026-06-01T12:00:00Z"]);
    assert_eq!(caught_up, ["0 at 2026-06-01T13:00:00Z"], "12:00 was done already");
    assert_eq!(forward[2..], ["0 at 2027-06-01T12:00:00Z"]);
    assert_eq!(home[3..], ["0 at 2026-06-01T14:00:00Z"], "it does not wait for a year");
}

#[tokio::test]
async fn entries_follow_the_tenants_and_their_zones() {
    let world = World::new().await;
    let town = Town::of(&[(tenant(1), "Europe/Paris"), (tenant(2), "Europe/Paris")]);
    let worker = postman(&world, &[daily()], &town);
    pumped(&world, &worker, &["2026-06-01T12:00:00Z"]).await;

    town.becomes(&[(tenant(2), "America/New_York"), (tenant(3), "Europe/Paris")]);
    let lines = pumped(
        &world,
        &worker,
        &["2026-06-01T13:00:00Z", "2026-06-02T00:30:00Z", "2026-06-02T06:30:00Z"],
    )
    .await;

    assert_eq!(lines, ["3 at 2026-06-02T00:30:00Z", "2 at 2026-06-02T06:30:00Z"]);
    let entries = world.desk().crons(None).await.expect("listed");
    let entries: Vec<_> = entries.iter().map(|it| (it.tenant, it.zone.as_str())).collect();
    assert_eq!(entries, [(tenant(2), "America/New_York"), (tenant(3), "Europe/Paris")]);
}

#[tokio::test]
async fn an_entry_can_be_held_up_and_asked_for_out_of_its_turn() {
    let world = World::new().await;
    let worker = postman(&world, &[hourly()], &Town::default());
    let entry = ("post.hourly", EVERY_TENANT);
    let desk = world.desk();
    let noon = at("2026-06-01T11:59:00Z");
    worker.pump(noon).await.expect("planned");

    assert!(desk.pause_cron(entry, "ana", noon).await.expect("paused"));
    let held = pumped(&world, &worker, &["2026-06-01T12:00:00Z"]).await;
    assert!(desk.run_cron_now(entry, "ben", at("2026-06-01T12:20:00Z")).await.expect("asked"));
    let asked = pumped(&world, &worker, &["2026-06-01T12:20:01Z", "2026-06-01T12:20:02Z"]).await;
    let seen = desk.crons(None).await.expect("listed").remove(0);
    assert!(desk.resume_cron(entry).await.expect("resumed"));
    let resumed = pumped(&world, &worker, &["2026-06-01T12:30:00Z", "2026-06-01T13:00:00Z"]).await;

    assert_eq!(held, [""; 0]);
    assert_eq!(asked, ["0 at 2026-06-01T12:20:01Z"]);
    assert_eq!((seen.paused_by.as_deref(), seen.asked_by.as_deref()), (Some("ana"), Some("ben")));
    assert_eq!((seen.asked_at, seen.last_at), (None, Some(at("2026-06-01T12:20:00Z"))));
    assert_eq!(resumed[1..], ["0 at 2026-06-01T12:30:00Z", "0 at 2026-06-01T13:00:00Z"]);
    assert!(!desk.resume_cron(("post.nothing", EVERY_TENANT)).await.expect("asked"));
}

#[tokio::test]
async fn an_entry_whose_last_job_still_waits_enqueues_no_other_with_its_key() {
    let world = World::new().await;
    let walk = Cron::new("post.walk", "*/10 * * * *", Zone::System, || street("all"));
    let idle = world.worker(vec![]).with_calendar(vec![walk], Arc::new(Town::default()));
    let times = ["12:01", "12:10", "12:20", "12:30"].map(|it| format!("2026-06-01T{it}:00Z"));
    for it in &times {
        idle.pump(at(it)).await.expect("turned");
    }

    let worker = world.worker(vec![walking(&world.log)]);
    let done = worker.pump(at("2026-06-01T12:30:00Z")).await.expect("pumped");

    assert_eq!((done, world.count("job_fire").await), (1, 3));
}

#[test]
fn an_expression_that_cannot_be_read_is_a_mistake_of_the_programmer() {
    let made = || Cron::new("post.bad", "30 25 * * *", Zone::System, || EmptyBox);

    assert!(std::panic::catch_unwind(made).is_err());
}
