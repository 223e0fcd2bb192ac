//! What those who operate see and do: lists, depths, queues held up, jobs hurried.

use std::time::Duration;

use socle_db::Tx;
use socle_jobs::{Enqueued, Filter, Queue, Slots, State};
use socle_kernel::{Common, Fault, Id};

use crate::{
    kinds::{letter, sending, street, walking},
    world::{World, hasty, tenant},
};

#[tokio::test]
async fn jobs_are_listed_newest_first_and_narrowed_down() {
    let world = World::new().await;
    let first = world.enqueue(&letter("one")).await.id;
    let second = world.enqueue(&street("two")).await.id;
    let third = world.enqueue_as(&world.of(tenant(3)), &letter("three")).await.id;
    world.pump(vec![walking(&world.log)]).await;
    let list = async |filter: Filter, before| {
        let page = world.desk().list(&filter, before).await.expect("listed");
        page.iter().map(|it| it.id).collect::<Vec<_>>()
    };
    let all = Filter::default;

    assert_eq!(list(all(), None).await, [third, second, first]);
    assert_eq!(list(all(), Some(third)).await, [second, first]);
    assert_eq!(list(Filter { tenant: Some(tenant(3)), ..all() }, None).await, [third]);
    assert_eq!(list(Filter { queue: Some(Queue::Low), ..all() }, None).await, [second]);
    let kind = Some("post.send-letter".to_owned());
    assert_eq!(list(Filter { kind, ..all() }, None).await, [third, first]);
    assert_eq!(list(Filter { state: Some(State::Done), ..all() }, None).await, [second]);
    let nobodys = world.desk().find(Id::of_words(&["nobody's"])).await;
    assert!(matches!(nobodys, Err(Common::NotFound(_))));
}

#[tokio::test]
async fn depths_tell_what_waits_and_since_when() {
    let world = World::new().await;
    let first_at = world.now();
    world.enqueue(&letter("one")).await;
    world.clock.move_by(60);
    world.enqueue(&letter("two")).await;
    let (cx, later) = (world.cx(), world.now().after(Duration::from_mins(1)));
    let enqueue = async |tx: &mut Tx| socle_jobs::enqueue_at(&cx, tx, &letter("x"), later).await;
    world.db.run::<Enqueued, Fault>(&cx, enqueue).await.expect("enqueued");

    let depths = world.desk().depths(world.now()).await.expect("measured");

    let [depth] = &depths[..] else { panic!("one kind waits: {depths:?}") };
    assert_eq!((depth.queue, depth.kind.as_str()), (Queue::Default, "post.send-letter"));
    assert_eq!((depth.state, depth.jobs), (State::Waiting, 2), "what is not due is not counted");
    assert_eq!(depth.oldest, Some(first_at));
}

#[tokio::test]
async fn a_queue_that_is_held_up_stands_and_the_others_go_on() {
    let world = World::new().await;
    world.enqueue(&letter("dear")).await;
    world.enqueue(&street("high street")).await;
    let works = || vec![sending(&world.log), walking(&world.log)];
    let desk = world.desk();

    let paused = desk.pause(Queue::Default, "ana", world.now()).await.expect("paused");
    let again = desk.pause(Queue::Default, "ben", world.now()).await.expect("paused already");
    world.pump(works()).await;
    let meanwhile = world.log.lines();
    let by = desk.paused().await.expect("seen")[&Queue::Default].paused_by.clone();
    let resumed = desk.resume(Queue::Default).await.expect("resumed");
    world.pump(works()).await;

    assert_eq!((paused, again, resumed), (true, false, true));
    assert_eq!(meanwhile, ["high street"]);
    assert_eq!(by, "ana");
    assert_eq!(world.log.lines(), ["high street", "dear 1"]);
}

#[tokio::test]
async fn a_job_that_waits_for_its_time_can_be_hurried() {
    let world = World::new().await;
    let (cx, at) = (world.cx(), world.now().after(Duration::from_hours(9)));
    let enqueue = async |tx: &mut Tx| socle_jobs::enqueue_at(&cx, tx, &letter("soon"), at).await;
    let job: Enqueued = world.db.run::<_, Fault>(&cx, enqueue).await.expect("enqueued");

    let early = world.pump(vec![sending(&world.log)]).await;
    let hurried = world.desk().run_now(job.id, "ana", world.now()).await.expect("hurried");
    let again = world.desk().run_now(job.id, "ana", world.now()).await.expect("is due");
    let seen = world.seen(job.id).await;
    let then = world.pump(vec![sending(&world.log)]).await;

    assert_eq!((early, hurried, again, then), (0, true, false, 1));
    assert_eq!((seen.act.as_deref(), seen.act_by.as_deref()), (Some("hurried"), Some("ana")));
}

#[tokio::test]
async fn what_ended_can_be_found_for_a_day_and_is_then_forgotten_whole() {
    let world = World::new().await;
    let old = world.enqueue(&letter("old")).await.id;
    world.pump(vec![sending(&world.log)]).await;
    world.clock.move_by(24 * 3600 - 1);
    world.enqueue(&letter("new")).await;
    world.pump(vec![sending(&world.log)]).await;
    let kept = world.desk().find(old).await.is_ok();

    world.clock.move_by(2);
    world.pump(vec![sending(&world.log)]).await;

    assert!(kept);
    assert!(world.desk().find(old).await.is_err());
    assert_eq!((world.count("job").await, world.count("job_end").await), (1, 1));
}

#[tokio::test]
async fn hands_are_shared_by_all_workers_of_a_process() {
    let slots = Slots::of(|_| 2);
    let settings = socle_jobs::Settings { slots: slots.clone(), ..hasty() };

    assert_eq!(settings.clone().slots.all(Queue::Low), 2);
    assert_eq!(Slots::default().all(Queue::Critical), 5);
    let all = Queue::ALL.map(|it| Slots::default().free(it));
    assert_eq!(all, [5, 10, 20, 5, 3]);
}
