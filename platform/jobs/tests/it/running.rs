//! Workers that really work: they are told, cancelled, lost, stopped.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use socle_db::Tx;
use socle_jobs::{Cancelled, Job, Queue, Run, Settings, Slots, Work, Worker};
use socle_kernel::{Fault, Retry};
use tokio::sync::Semaphore;

use crate::{
    kinds::{letter, sending},
    world::{Hired, Log, World, hasty, until},
};

/// Waits until it is let go.
#[derive(Debug, Serialize, Deserialize)]
struct Sort {
    bag: u32,
}

impl Job for Sort {
    const KIND: &'static str = "post.sort";
    const QUEUE: Queue = Queue::Low;
    const RETRY: Retry = Retry { first: Duration::ZERO, ..Retry::FIXED };
}

/// Notes when it begins, and does what it is told.
fn sorting<F: Future<Output = Result<(), Fault>> + Send + 'static>(
    log: &Log,
    then: impl Fn(Run) -> F + Send + Sync + 'static,
) -> Work {
    let log = log.clone();
    Work::new(move |run: Run, job: Sort| {
        log.add(format!("{} begun {}", job.bag, run.attempt));
        then(run)
    })
}

/// Hangs, and does not notice that it is asked to end.
fn hanging(log: &Log) -> Work {
    sorting(log, |_| std::future::pending())
}

#[tokio::test]
async fn a_worker_is_told_of_what_is_enqueued_and_does_not_wait_for_its_next_look() {
    let world = World::real().await;
    let settings = Settings { look: Duration::from_hours(1), ..hasty() };
    let worker = Hired::hire_with(&world, vec![sending(&world.log)], settings);

    for n in 0..20 {
        world.enqueue(&letter(&n.to_string())).await;
        world.log.until(n + 1).await;
    }

    worker.dismiss().await;
    assert_eq!(world.log.lines().len(), 20);
}

#[tokio::test]
async fn a_job_that_waits_is_cancelled_at_once() {
    let world = World::new().await;
    let job = world.enqueue(&letter("never")).await.id;

    let first = world.desk().cancel(job, "ana", world.now()).await.expect("cancelled");
    let again = world.desk().cancel(job, "ana", world.now()).await.expect("asked");

    assert_eq!((first, again), (Cancelled::Ended, Cancelled::NotThere));
    assert_eq!(world.pump(vec![sending(&world.log)]).await, 0);
    let seen = world.seen(job).await;
    assert_eq!((seen.state.as_str(), seen.act_by.as_deref()), ("cancelled", Some("ana")));
}

#[tokio::test]
async fn a_job_that_runs_is_asked_to_end_and_can_do_so_in_order() {
    let world = World::real().await;
    let log = world.log.clone();
    let work = sorting(&world.log, move |run| {
        let log = log.clone();
        async move {
            run.cancelled().await;
            log.add(format!("tidied up, {}", run.is_cancelled()));
            Ok(())
        }
    });
    let job = world.enqueue(&Sort { bag: 1 }).await.id;
    let worker = Hired::hire(&world, vec![work]);
    world.log.until(1).await;

    let asked = world.desk().cancel(job, "ana", world.now()).await.expect("asked");
    world.until_state(job, "cancelled").await;

    worker.dismiss().await;
    assert_eq!(asked, Cancelled::Asked);
    assert_eq!(world.log.lines(), ["1 begun 1", "tidied up, true"]);
}

#[tokio::test]
async fn a_job_that_does_not_end_when_it_is_asked_is_ended() {
    let world = World::real().await;
    let job = world.enqueue(&Sort { bag: 1 }).await.id;
    let worker = Hired::hire(&world, vec![hanging(&world.log)]);
    world.log.until(1).await;

    world.desk().cancel(job, "ana", world.now()).await.expect("asked");
    world.until_state(job, "cancelled").await;

    worker.dismiss().await;
    assert_eq!(world.log.lines(), ["1 begun 1"], "it is not tried again");
}

#[tokio::test]
async fn progress_is_seen_while_a_job_runs() {
    let world = World::real().await;
    let gate = Arc::new(Semaphore::new(0));
    let closed = Arc::clone(&gate);
    let work = sorting(&world.log, move |run| {
        let closed = Arc::clone(&closed);
        async move {
            run.progress(3, 10, "the third bag\0");
            let _go = closed.acquire().await;
            Ok(())
        }
    });
    let job = world.enqueue(&Sort { bag: 1 }).await.id;
    let worker = Hired::hire(&world, vec![work]);

    let seen =
        until("progress", async || Some(world.seen(job).await).filter(|it| it.done.is_some()));
    let seen = seen.await;

    assert_eq!(
        (seen.done, seen.total, seen.note.as_deref()),
        (Some(3), Some(10), Some("the third bag"))
    );
    assert_eq!(seen.state, "running");
    gate.add_permits(1);
    world.until_state(job, "done").await;
    worker.dismiss().await;
}

#[tokio::test]
async fn a_job_whose_worker_is_lost_is_done_by_another_and_the_first_changes_nothing_more() {
    let world = World::real().await;
    let job = world.enqueue(&Sort { bag: 1 }).await.id;
    let go = Arc::new(Semaphore::new(0));
    let (gone, log) = (Arc::clone(&go), world.log.clone());
    let db = world.db.clone();
    let paused = sorting(&world.log, move |run| {
        let (gone, log, db) = (Arc::clone(&gone), log.clone(), db.clone());
        async move {
            let _go = gone.acquire().await;
            let end = async |tx: &mut Tx| run.finish_in(tx).await;
            let ended: Result<(), Fault> = db.run(&run.cx, end).await;
            log.add(format!("the first has ended it: {}", ended.is_ok()));
            Ok(())
        }
    });
    let first = world.worker(vec![paused]);
    let meanwhile = async {
        world.log.until(1).await;
        let lease = "update socle_post.job_worker set leased_until = now() - interval '1 second'";
        world.database.execute(lease).await;
        let rescued = world.worker(vec![]).pump(world.now()).await.expect("it looks after others");
        let waiting = world.seen(job).await;
        go.add_permits(1);
        (rescued, waiting)
    };
    let both = futures_util::future::join(first.pump(world.now()), meanwhile).await;
    let (attempted, (rescued, waiting)) = both;
    let still = world.seen(job).await;
    let second = sorting(&world.log, |_| async { Ok(()) });
    let done = world.worker(vec![second]).pump(world.now()).await.expect("it is done");

    assert_eq!((attempted.expect("pumped"), rescued, done), (1, 0, 1));
    assert_eq!((waiting.state.as_str(), waiting.attempt), ("waiting", 1));
    assert_eq!(waiting.reason.as_deref(), Some("jobs.worker-lost"));
    assert_eq!(still.state, "waiting", "what the first did afterwards is fenced out");
    let lines = world.log.lines();
    assert_eq!(lines, ["1 begun 1", "the first has ended it: false", "1 begun 2"]);
    assert_eq!(world.seen(job).await.state, "done");
}

#[tokio::test]
async fn a_job_that_others_have_is_ended_where_it_runs() {
    let world = World::real().await;
    let job = world.enqueue(&Sort { bag: 1 }).await.id;
    let worker = Hired::hire(&world, vec![hanging(&world.log)]);
    world.log.until(1).await;

    let take = "update socle_post.job_run set fence = fence + 1, worker = gen_random_uuid()";
    world.database.execute(take).await;
    // Nobody is alive under that name, so it comes back, as another attempt.
    world.log.until(2).await;

    assert_eq!(world.log.lines(), ["1 begun 1", "1 begun 2"]);
    worker.dismiss().await;
    assert_eq!(world.seen(job).await.state, "waiting");
}

#[tokio::test]
async fn a_worker_that_stops_hands_back_what_does_not_end_and_counts_no_attempt() {
    let world = World::real().await;
    let slots = Slots::of(|_| 2);
    let jobs: Vec<_> = (0..5).map(|bag| Sort { bag }).collect();
    let all = world.enqueue_all(&world.cx(), &jobs).await;
    let settings = Settings { slots, ..hasty() };
    let worker = Hired::hire_with(&world, vec![hanging(&world.log)], settings);
    world.log.until(2).await;

    worker.dismiss().await;

    assert_eq!(world.log.lines().len(), 2);
    for it in &all {
        let seen = world.seen(it.id).await;
        assert_eq!((seen.state.as_str(), seen.attempt, seen.reason), ("waiting", 0, None));
    }
    assert_eq!(world.count("job_worker").await, 0);
}

#[tokio::test]
async fn a_worker_that_stops_waits_for_what_runs() {
    let world = World::real().await;
    let gate = Arc::new(Semaphore::new(0));
    let closed = Arc::clone(&gate);
    let work = sorting(&world.log, move |_| {
        let closed = Arc::clone(&closed);
        async move {
            let _go = closed.acquire().await;
            Ok(())
        }
    });
    let job = world.enqueue(&Sort { bag: 1 }).await.id;
    let settings = Settings { stop_grace: Duration::from_mins(1), ..hasty() };
    let worker = Hired::hire_with(&world, vec![work], settings);
    world.log.until(1).await;

    let meanwhile = async {
        world.enqueue(&Sort { bag: 2 }).await;
        gate.add_permits(1);
    };
    futures_util::future::join(worker.dismiss(), meanwhile).await;

    assert_eq!(world.seen(job).await.state, "done");
    assert_eq!(world.log.lines(), ["1 begun 1"], "nothing is begun any more");
}

#[tokio::test]
async fn a_handler_s_effect_and_the_end_of_its_job_are_one_commit() {
    let world = World::new().await;
    let ok = world.enqueue(&Sort { bag: 1 }).await.id;
    let undone = world.enqueue(&Sort { bag: 2 }).await.id;
    let db = world.db.clone();
    let work = Work::new(move |run: Run, job: Sort| {
        let db = db.clone();
        async move {
            let cx = &run.cx;
            db.run(cx, async |tx: &mut Tx| {
                run.finish_in(tx).await?;
                socle_jobs::enqueue(cx, tx, &letter("sorted")).await?;
                let no = || Fault::internal("sort the bag", "it is torn");
                if job.bag == 2 { Err(no()) } else { Ok(()) }
            })
            .await
        }
    });

    let attempts = world.pump(vec![work]).await;

    assert!(2 <= attempts);
    assert_eq!(world.seen(ok).await.state, "done");
    let failed = world.seen(undone).await;
    assert!(failed.state != "done" && failed.causes == ["could not sort the bag", "it is torn"]);
    assert_eq!(world.pump(vec![sending(&world.log)]).await, 1, "one effect for one end");
}

#[tokio::test]
async fn two_workers_do_each_job_once() {
    let world = World::real().await;
    let cx = world.cx();
    let jobs: Vec<_> = (0..2_000).map(|n| letter(&n.to_string())).collect();
    world.enqueue_all(&cx, &jobs).await;
    let other = world.elsewhere().await;

    let workers = [world.db.clone(), other].map(|db| {
        let worker = Worker::new(db, vec![sending(&world.log)]);
        Hired::begin(worker)
    });
    let mut lines = world.log.until(2_000).await;
    for it in workers {
        it.dismiss().await;
    }

    lines.sort_unstable();
    lines.dedup();
    assert_eq!((lines.len(), world.log.lines().len()), (2_000, 2_000));
    assert_eq!(world.count("job_run").await, 0);
}

/// As when the answer to the commit that took it was lost with its connection.
#[tokio::test]
async fn a_job_that_was_taken_unknowingly_is_handed_back_and_done() {
    let world = World::real().await;
    world.desk().pause(Queue::Default, "ana", world.now()).await.expect("paused");
    let job = world.enqueue(&letter("dear")).await;
    let settings = Settings { lease: Duration::from_millis(1_200), ..hasty() };
    let hired = Hired::hire_with(&world, vec![sending(&world.log)], settings);
    until("the worker is alive", async || (world.count("job_worker").await == 1).then_some(()))
        .await;

    let taken = "update socle_post.job_run set state = 'running', attempt = 1, fence = 1,
                 worker = (select id from socle_post.job_worker)";
    world.database.execute(taken).await;
    world.desk().resume(Queue::Default).await.expect("resumed");

    world.until_state(job.id, "done").await;
    assert_eq!(world.log.lines(), ["dear 1"]);
    hired.dismiss().await;
}
