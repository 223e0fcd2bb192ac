//! The log is kept as long as agreed, and as long as somebody needs it.

use std::time::Duration;

use socle_events::{partitions, retention};

use crate::world::{World, soup, told};

const WEEK: Duration = retention::AGE;

/// Rows of a partition: the log goes on in the next one, as if it had been filled.
const FILL: &str = "
    select setval('socle_kitchen.outbox_seq', ((last_value >> 20) + 1) << 20, false)
    from socle_kitchen.outbox_seq";
const AGE: &str = "update socle_kitchen.outbox set time = now() - interval '8 days'";
const COUNT: &str = "
    select count(*) from pg_inherits where inhparent = 'socle_kitchen.outbox'::regclass";

/// Three partitions with a row each, the last one after a week.
async fn with_an_old_log() -> World {
    let world = World::new().await;
    for n in 1..=3 {
        world.serves(&world.cx(), &[soup("a", n)]).await;
        world.database.execute(FILL).await;
    }
    world.database.execute(AGE).await;
    world
}

#[tokio::test]
async fn partitions_lie_ahead_however_far_the_log_has_come() {
    let world = World::new().await;
    for _ in 0..5 {
        world.database.execute(FILL).await;
    }

    for _ in 0..2 {
        partitions::keep(&world.database.database, "kitchen").await.expect("kept");
    }
    world.database.execute("select setval('socle_kitchen.outbox_seq', 13 << 20)").await;
    world.serves(&world.cx(), &[soup("a", 1)]).await;

    assert_eq!(world.database.number(COUNT).await, 5 + 9);
    assert_eq!(world.pump(&mut world.worker("count")).await, 1);
}

#[tokio::test]
async fn what_is_old_and_heard_by_all_is_dropped() {
    let world = with_an_old_log().await;
    world.pump(&mut world.worker("count")).await;

    let kept = retention::keep(&world.database.database, "kitchen", WEEK).await.expect("kept");
    let again = retention::keep(&world.database.database, "kitchen", WEEK).await.expect("kept");
    world.serves(&world.cx(), &[soup("a", 4)]).await;

    assert_eq!(kept.dropped, ["outbox_p0", "outbox_p1"]);
    assert_eq!(again.dropped, [""; 0]);
    assert_eq!(world.database.number(COUNT).await, 6);
    // The one that is worked in stays, and a group that comes late hears what is left.
    assert_eq!(world.pump(&mut world.worker("late")).await, 2);
}

#[tokio::test]
async fn what_the_slowest_group_needs_is_kept_and_it_is_told_which_one_that_is() {
    let world = with_an_old_log().await;
    let mut slow = world.worker("slow");
    world.pump(&mut world.worker("count")).await;
    world.pump(&mut slow).await;
    slow.leave().await.expect("it leaves");
    let far_behind = "update socle_kitchen.outbox_group
                      set snapshot = '1:1:', upto = null, high = 0, low = 0, last = 0
                      where grp = 'slow'";
    world.database.execute(far_behind).await;

    let kept = retention::keep(&world.database.database, "kitchen", WEEK).await.expect("kept");
    let heard = world.pump(&mut world.worker("slow")).await;
    let then = retention::keep(&world.database.database, "kitchen", WEEK).await.expect("kept");

    assert_eq!(kept.dropped, [""; 0]);
    assert_eq!((kept.retained["slow"], kept.retained["count"]), (2 << 20, 0));
    assert_eq!(heard, 3);
    assert_eq!((then.dropped.len(), then.retained["slow"]), (2, 0));
}

#[tokio::test]
async fn a_group_that_nobody_asks_for_any_more_is_told() {
    let world = World::new().await;
    world.pump(&mut world.worker("count")).await;
    let long = "update socle_kitchen.outbox_group set seen_at = now() - interval '2 days'";
    world.database.execute(long).await;

    let kept = retention::keep(&world.database.database, "kitchen", WEEK).await.expect("kept");

    assert_eq!(kept.unseen, ["count"]);
}

#[tokio::test]
async fn marks_are_forgotten_with_the_log_and_not_before() {
    let world = World::new().await;
    world.serves(&world.cx(), &[soup("a", 1), soup("a", 2)]).await;
    world.pump(&mut world.worker("count")).await;
    let old = "update socle_desk.inbox set handled_at = now() - interval '8 days'
               where event_id = (select min(event_id::text)::uuid from socle_desk.inbox)";
    world.database.execute(old).await;

    retention::keep(&world.database.database, "desk", WEEK).await.expect("kept");

    assert_eq!(world.database.number("select count(*) from socle_desk.inbox").await, 1);
    assert_eq!(world.counted().await, told(&[soup("a", 1), soup("a", 2)]));
}

#[tokio::test]
async fn a_partition_that_was_let_go_and_not_dropped_is_dropped_the_next_time() {
    let world = with_an_old_log().await;
    world.pump(&mut world.worker("count")).await;
    let cut_off = "alter table socle_kitchen.outbox detach partition socle_kitchen.outbox_p0";
    world.database.execute(cut_off).await;

    retention::keep(&world.database.database, "kitchen", WEEK).await.expect("kept");

    let left = "select count(*) from pg_class where relname in ('outbox_p0', 'outbox_p1')
                    and relnamespace = 'socle_kitchen'::regnamespace";
    assert_eq!(world.database.number(left).await, 0);
}
