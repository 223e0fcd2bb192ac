//! Attempts that fail: tried again by policy, then dead, with the causes kept.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use serde::{Deserialize, Serialize};
use socle_jobs::{Job, Work, Worker};
use socle_kernel::Retry;
use socle_telemetry::Metrics;

use crate::{
    kinds::{SendLetter, broken, letter, sending},
    world::World,
};

/// Fails as often as it says, and may be tried three times.
#[derive(Debug, Serialize, Deserialize)]
struct Stamp {
    failures: u32,
}

impl Job for Stamp {
    const KIND: &'static str = "post.stamp";
    const RETRY: Retry = Retry { attempts: 3, ..Retry::FIXED };
    const TIMEOUT: Duration = Duration::from_millis(80);
}

fn stamping() -> Work {
    Work::new(|run, job: Stamp| async move {
        if run.attempt <= job.failures { Err(broken()) } else { Ok(()) }
    })
}

#[tokio::test]
async fn what_fails_is_tried_again_after_its_pause_and_keeps_its_causes_meanwhile() {
    let world = World::new().await;
    let job = world.enqueue(&Stamp { failures: 2 }).await;

    let first = world.pump(vec![stamping()]).await;
    let after = world.seen(job.id).await;
    world.clock.move_by(20);
    let too_early = world.pump(vec![stamping()]).await;
    world.clock.move_by(10);
    let second = world.pump(vec![stamping()]).await;
    world.clock.move_by(30);
    let third = world.pump(vec![stamping()]).await;

    assert_eq!([first, too_early, second, third], [1, 0, 1, 1]);
    assert_eq!((after.state.as_str(), after.attempt), ("waiting", 1));
    assert_eq!(after.reason.as_deref(), Some("internal"));
    assert_eq!(
        after.causes,
        ["could not write the address", "could not dip the pen", "the pen is dry; ask [email]"]
    );
    let done = world.seen(job.id).await;
    assert_eq!((done.state.as_str(), done.attempt), ("done", 3));
}

#[tokio::test]
async fn pauses_are_never_all_alike() {
    let world = World::new().await;
    let jobs: Vec<_> = (0..20).map(|_| Stamp { failures: 9 }).collect();
    let all = world.enqueue_all(&world.cx(), &jobs).await;

    world.pump(vec![stamping()]).await;

    let mut pauses = Vec::new();
    for it in &all {
        let run_at = world.seen(it.id).await.run_at.expect("it waits").to_jiff();
        pauses.push(run_at.duration_since(world.now().to_jiff()).as_millis());
    }
    assert!(pauses.iter().all(|it| (22_500..=30_000).contains(it)), "{pauses:?}");
    pauses.sort_unstable();
    pauses.dedup();
    assert!(10 < pauses.len(), "{pauses:?}");
}

#[tokio::test]
async fn after_its_last_attempt_a_job_is_a_dead_letter_and_nothing_else() {
    let world = World::new().await;
    let job = world.enqueue(&Stamp { failures: 9 }).await;

    for _ in 0..5 {
        world.pump(vec![stamping()]).await;
        world.clock.move_by(60);
    }

    let dead = world.seen(job.id).await;
    assert_eq!((dead.state.as_str(), dead.attempt), ("dead", 3));
    assert_eq!(dead.causes[0], "could not write the address");
}

#[tokio::test]
async fn a_panic_is_a_failure_of_its_job_alone() {
    let world = World::new().await;
    let [bad, good] = [letter("bad"), letter("good")];
    let bad = world.enqueue(&bad).await;
    world.enqueue(&good).await;
    let log = world.log.clone();
    let work = Work::new(move |_, job: SendLetter| {
        assert!(job.words != "bad", "the stamp 4111 1111 1111 1111 is upside down");
        log.add(job.words);
        async { Ok(()) }
    });
    let metrics = Metrics::new("0");
    let worker = Worker::new(world.db.clone(), vec![work]).measured(&metrics, "post");

    worker.pump(world.now()).await.expect("it is pumped");

    assert_eq!(world.log.lines(), ["good"]);
    let seen = world.seen(bad.id).await;
    assert_eq!(seen.reason.as_deref(), Some("jobs.panicked"));
    assert_eq!(seen.causes, ["the stamp [card] is upside down"]);
    assert!(metrics.render().contains(r#"socle_panics_total{where="background"} 1"#));
}

#[tokio::test]
async fn an_attempt_that_takes_too_long_is_ended_and_counts() {
    let world = World::new().await;
    let job = world.enqueue(&Stamp { failures: 0 }).await;
    let dropped = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&dropped);
    let work = Work::new(move |_, _: Stamp| {
        let held = Held(Arc::clone(&count));
        async move {
            let _held = held;
            std::future::pending().await
        }
    });

    world.pump(vec![work]).await;

    let seen = world.seen(job.id).await;
    assert_eq!((seen.state.as_str(), seen.attempt), ("waiting", 1));
    assert_eq!(seen.reason.as_deref(), Some("jobs.timed-out"));
    assert_eq!(dropped.load(Ordering::SeqCst), 1, "what it held was let go");
}

struct Held(Arc<AtomicU32>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn what_cannot_be_decoded_is_dead_at_once() {
    let world = World::new().await;
    let job = world.enqueue(&letter("dear")).await;
    world.database.execute("update socle_post.job set args = '{\"wrds\": 7}'").await;

    world.pump(vec![sending(&world.log)]).await;

    let seen = world.seen(job.id).await;
    assert_eq!((seen.state.as_str(), seen.attempt), ("dead", 1));
    assert_eq!(seen.reason.as_deref(), Some("jobs.undecodable"));
    assert!(seen.causes[0].contains("missing field"), "{:?}", seen.causes);
}

#[tokio::test]
async fn a_kind_that_is_not_known_here_is_left_to_those_who_know_it() {
    let world = World::new().await;
    let unknown = world.enqueue(&Stamp { failures: 0 }).await;
    world.enqueue(&letter("dear")).await;

    let here = world.pump(vec![sending(&world.log)]).await;
    let there = world.pump(vec![stamping()]).await;

    assert_eq!((here, there), (1, 1));
    assert_eq!(world.seen(unknown.id).await.state, "done");
}
