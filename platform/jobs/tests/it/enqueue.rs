//! Enqueuing: with the caller's transaction or not at all, and one at a time under a key.

use socle_db::Tx;
use socle_jobs::{Desk, Enqueued};
use socle_kernel::{Common, Fault};
use socle_testkit::elsewhere;

use crate::{
    kinds::{letter, sending, street, walking},
    world::World,
};

#[tokio::test]
async fn what_is_enqueued_is_done_once_and_can_be_found_afterwards() {
    let world = World::new().await;
    let mut cx = world.cx();
    cx.causation = Some(cx.new_id::<()>().uuid());
    let job = world.enqueue_as(&cx, &letter("dear")).await;
    let waiting = world.seen(job.id).await;

    let first = world.pump(vec![sending(&world.log)]).await;
    let second = world.pump(vec![sending(&world.log)]).await;

    assert!(job.is_new);
    assert_eq!((first, second), (1, 0));
    assert_eq!(world.log.lines(), ["dear 1"]);
    assert_eq!((waiting.state.as_str(), waiting.attempt), ("waiting", 0));
    let done = world.seen(job.id).await;
    assert_eq!((done.state.as_str(), done.attempt, done.ended_at), ("done", 1, Some(world.now())));
    assert_eq!(done.args, r#"{"words":"dear"}"#);
    assert_eq!((done.actortype.as_str(), done.actorid), ("person", cx.actor.id()));
    assert_eq!((done.correlationid, done.causationid), (cx.correlation, cx.causation));
    assert_eq!(world.count("job_run").await, 0);
}

#[tokio::test]
async fn what_was_rolled_back_leaves_nothing() {
    let world = World::new().await;
    let cx = world.cx();

    let undone: Result<(), Common> = world
        .db
        .run(&cx, async |tx: &mut Tx| {
            socle_jobs::enqueue(&cx, tx, &letter("never")).await?;
            Err(Common::Stale)
        })
        .await;

    assert!(undone.is_err());
    assert_eq!(world.pump(vec![sending(&world.log)]).await, 0);
    assert_eq!((world.count("job").await, world.count("job_run").await), (0, 0));
}

#[tokio::test]
async fn a_job_for_later_waits_for_its_time() {
    let world = World::new().await;
    let (cx, at) = (world.cx(), world.now().after(std::time::Duration::from_mins(1)));
    let later = async |tx: &mut Tx| socle_jobs::enqueue_at(&cx, tx, &letter("late"), at).await;
    world.db.run::<Enqueued, Fault>(&cx, later).await.expect("enqueued");

    world.clock.move_by(59);
    let early = world.pump(vec![sending(&world.log)]).await;
    world.clock.move_by(1);
    let due = world.pump(vec![sending(&world.log)]).await;

    assert_eq!((early, due), (0, 1));
}

#[tokio::test]
async fn many_are_enqueued_with_one_statement_and_answered_in_their_order() {
    let world = World::new().await;
    let cx = world.cx();
    let jobs: Vec<_> = (0..1_000).map(|n| letter(&n.to_string())).collect();
    let before = world.database.database.round_trips();

    let all = world.enqueue_all(&cx, &jobs).await;

    assert_eq!(world.database.database.round_trips() - before, 3, "begin, all of them, commit");
    assert_eq!(world.pump(vec![sending(&world.log)]).await, 1_000);
    let words = world.seen(all[617].id).await.args;
    assert_eq!(words, r#"{"words":"617"}"#);
}

#[tokio::test]
async fn while_one_with_its_key_waits_another_is_not_enqueued() {
    let world = World::new().await;

    let first = world.enqueue(&street("high street")).await;
    let second = world.enqueue(&street("high street")).await;
    let other = world.enqueue(&street("mill lane")).await;
    let theirs = world.enqueue_as(&elsewhere(&world.cx()), &street("high street")).await;

    assert_eq!(second, Enqueued { id: first.id, is_new: false });
    assert!(other.is_new && theirs.is_new);
    assert_eq!(world.pump(vec![walking(&world.log)]).await, 3);
    assert!(world.enqueue(&street("high street")).await.is_new, "the first has ended");
}

#[tokio::test]
async fn of_jobs_of_one_call_that_share_a_key_the_first_is_enqueued() {
    let world = World::new().await;
    let jobs = [street("a"), street("b"), street("a"), street("a")];

    let all = world.enqueue_all(&world.cx(), &jobs).await;

    let new: Vec<_> = all.iter().map(|it| it.is_new).collect();
    assert_eq!(new, [true, true, false, false]);
    assert_eq!((all[2].id, all[3].id), (all[0].id, all[0].id));
}

#[tokio::test]
async fn of_many_that_are_enqueued_at_once_under_a_key_one_is_done() {
    let world = World::new().await;
    let cxs: Vec<_> = (0..40).map(|_| world.cx()).collect();
    let job = street("market");

    let all = cxs.iter().map(|cx| world.enqueue_as(cx, &job));
    let all = futures_util::future::join_all(all).await;

    assert_eq!(all.iter().filter(|it| it.is_new).count(), 1);
    assert!(all.iter().all(|it| it.id == all[0].id), "all are told of the one");
    assert_eq!(world.pump(vec![walking(&world.log)]).await, 1);
}

#[tokio::test]
async fn a_job_that_is_too_long_or_one_too_many_is_refused() {
    let world = World::new().await;
    let cx = world.cx();
    let (long, many) = (letter(&"x".repeat(70_000)), vec![letter(""); socle_jobs::JOBS_MAX + 1]);

    let long = world.db.run(&cx, async |tx: &mut Tx| socle_jobs::enqueue(&cx, tx, &long).await);
    let many = world.db.run(&cx, async |tx: &mut Tx| socle_jobs::enqueue_all(&cx, tx, &many).await);

    assert!(long.await.is_err_and(|it: Fault| !it.is_collision()));
    assert!(many.await.is_err_and(|it: Fault| !it.is_collision()));
    assert_eq!(Desk::new(world.db.clone()).depths(world.now()).await.expect("measured"), []);
}
