//! Whose turn it is: told by the order in which jobs begin, not by time.

use serde::{Deserialize, Serialize};
use socle_jobs::{Job, Queue, Settings, Slots, Work};

use crate::world::{Hired, Log, World, hasty, tenant};

/// Carries something, in any queue there is.
macro_rules! kind {
    ($name:ident, $kind:literal, $queue:ident) => {
        #[derive(Debug, Serialize, Deserialize)]
        struct $name {
            of: u32,
        }

        impl Job for $name {
            const KIND: &'static str = $kind;
            const QUEUE: Queue = Queue::$queue;
        }
    };
}

kind!(Carry, "post.carry", Default);
kind!(Alarm, "post.alarm", Critical);
kind!(Sweep, "post.sweep", Low);

fn carrying(log: &Log) -> Work {
    let log = log.clone();
    Work::new(move |_, job: Carry| {
        let log = log.clone();
        async move {
            log.add(job.of.to_string());
            tokio::task::yield_now().await;
            Ok(())
        }
    })
}

/// One at a time, so that there is an order.
fn one_hand() -> Settings {
    Settings { slots: Slots::of(|_| 1), ..hasty() }
}

/// Where the first and the last of each of these stand among all that have begun.
fn places(lines: &[String], of: u32) -> (usize, usize) {
    let of = of.to_string();
    let first = lines.iter().position(|it| *it == of).expect("it has begun");
    (first, lines.iter().rposition(|it| *it == of).expect("it has begun"))
}

#[tokio::test]
async fn a_flooding_tenant_delays_ninety_nine_others_by_no_more_than_their_turns() {
    let world = World::real().await;
    let flood: Vec<_> = (0..5_000).map(|_| Carry { of: 0 }).collect();
    world.enqueue_all(&world.of(tenant(0)), &flood).await;
    world.clock.move_by(1);
    for n in 1..100 {
        let few: Vec<_> = (0..3).map(|_| Carry { of: n }).collect();
        world.enqueue_all(&world.of(tenant(n.into())), &few).await;
    }
    world.clock.move_by(-1);

    let worker = Hired::hire_with(&world, vec![carrying(&world.log)], one_hand());
    let lines = world.log.until(5_297).await;
    worker.dismiss().await;

    let last = (1..100).map(|n| places(&lines, n).1).max().expect("some");
    assert!(last < 2_000, "the last of the others began at place {last}");
    let between = lines[..last].iter().filter(|it| *it == "0").count();
    assert!(between < 1_700, "{between} of the flood came before it");
}

#[tokio::test]
async fn tenants_with_much_to_do_share_alike() {
    let world = World::real().await;
    for n in 0..4 {
        let many: Vec<_> = (0..500).map(|_| Carry { of: n }).collect();
        world.enqueue_all(&world.of(tenant(n.into())), &many).await;
    }

    let worker = Hired::hire_with(&world, vec![carrying(&world.log)], one_hand());
    let lines = world.log.until(2_000).await;
    worker.dismiss().await;

    for n in 0..4 {
        let half = lines[..1_000].iter().filter(|it| **it == n.to_string()).count();
        assert!((200..=300).contains(&half), "{half} of 250 were of tenant {n}");
    }
}

#[tokio::test]
async fn a_queue_whose_hands_are_full_delays_no_other() {
    let world = World::real().await;
    let (sweeps, log) = (world.log.clone(), world.log.clone());
    let hanging = Work::new(move |_, _: Sweep| {
        sweeps.add("sweep");
        std::future::pending()
    });
    let alarm = Work::new(move |_, _: Alarm| {
        log.add("alarm");
        async { Ok(()) }
    });
    let many: Vec<_> = (0..100).map(|of| Sweep { of }).collect();
    world.enqueue_all(&world.cx(), &many).await;
    let worker = Hired::hire(&world, vec![hanging, alarm]);
    world.log.until(5).await;

    world.enqueue(&Alarm { of: 1 }).await;
    let lines = world.log.until(6).await;

    worker.dismiss().await;
    assert_eq!(lines[5], "alarm");
    assert_eq!(lines.len(), 6, "five hands sweep, and no more");
}
