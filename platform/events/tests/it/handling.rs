//! What is delivered takes effect once, in the order of its key, whatever fails.

use std::time::Duration;

use socle_events::{Start, Subscription};
use socle_kernel::Retry;

use crate::world::{Served, What, World, served, soup, tenant, told};

#[tokio::test]
async fn what_happened_is_handled_once_in_the_order_of_its_key() {
    let world = World::new().await;
    let all = [soup("a", 1), soup("b", 1), soup("a", 2), soup("a", 3)];
    world.serves(&world.cx(), &all).await;
    let mut worker = world.worker("count");

    let first = world.pump(&mut worker).await;
    let again = world.pump(&mut worker).await;

    assert_eq!((first, again), (4, 0));
    assert_eq!(world.counted().await, told(&all));
}

#[tokio::test]
async fn what_is_published_later_is_handled_later() {
    let world = World::new().await;
    let mut worker = world.worker("count");
    assert_eq!(world.pump(&mut worker).await, 0);

    for n in 1..=3 {
        world.serves(&world.cx(), &[soup("a", n)]).await;
        assert_eq!(world.pump(&mut worker).await, 1);
    }

    assert_eq!(world.counted().await, told(&[soup("a", 1), soup("a", 2), soup("a", 3)]));
}

#[tokio::test]
async fn a_log_longer_than_a_batch_is_read_to_its_end() {
    let world = World::new().await;
    let all: Vec<Served> = (1..=25).map(|n| soup("a", n)).collect();
    world.serves(&world.cx(), &all).await;

    let mut worker = world.worker_of(world.counting("count").batch(4));
    let handled = world.pump(&mut worker).await;

    assert_eq!(handled, 25);
    assert_eq!(world.counted().await, told(&all));
}

#[tokio::test]
async fn an_event_that_is_delivered_again_has_no_second_effect() {
    let world = World::new().await;
    world.serves(&world.cx(), &[soup("a", 1), soup("a", 2)]).await;
    let mut worker = world.worker("count");
    world.pump(&mut worker).await;
    world.serves(&world.cx(), &[soup("a", 3)]).await;

    // The position is lost, as when a process dies before it has written it down.
    worker.leave().await.expect("it leaves");
    let lost = "update socle_kitchen.outbox_group
                set snapshot = '1:1:', upto = null, low = 0, high = 0, last = 0";
    world.database.execute(lost).await;
    let delivered = world.pump(&mut world.worker("count")).await;

    assert_eq!(delivered, 3);
    assert_eq!(world.counted().await, told(&[soup("a", 1), soup("a", 2), soup("a", 3)]));
}

#[tokio::test]
async fn a_handler_sees_its_tenant_and_no_other() {
    let world = World::new().await;
    let (here, there) = (world.cx().in_tenant(tenant(1)), world.cx().in_tenant(tenant(2)));
    world.serves(&here, &[soup("a", 1)]).await;
    world.serves(&there, &[soup("a", 2)]).await;
    let spying = Subscription::new::<Served>("spy", |cx, tx, events| {
        Box::pin(async move {
            assert!(events.iter().all(|it| it.envelope.tenant_id == cx.tenant));
            let seen = "insert into socle_desk.counted (tenant_id, key, sequence)
                        select $1, 'rows of mine', count(*) from socle_desk.counted
                        where tenant_id is not null";
            tx.sql(seen).run("look around").await.map(drop)
        })
    });

    world.pump(&mut world.worker("count")).await;
    world.pump(&mut world.worker_of(spying)).await;

    let seen = world.counted().await.into_iter().filter(|it| it.0 == "rows of mine");
    assert_eq!(seen.map(|it| it.1).collect::<Vec<_>>(), [1, 1]);
}

#[tokio::test]
async fn a_group_that_is_added_late_hears_all_unless_it_begins_now() {
    let world = World::new().await;
    world.serves(&world.cx(), &[soup("a", 1), soup("a", 2)]).await;
    world.pump(&mut world.worker("count")).await;

    let late = world.pump(&mut world.worker("late")).await;
    let mut new = world.worker_of(world.counting("new").from(Start::Now));
    let before = world.pump(&mut new).await;
    world.serves(&world.cx(), &[soup("a", 3)]).await;
    let after = world.pump(&mut new).await;

    assert_eq!([late, before, after], [2, 0, 1]);
}

#[tokio::test]
async fn poison_stops_its_own_key_only_and_is_a_dead_letter_in_the_end() {
    let world = World::new().await;
    let poison = served("a", 2, What::Poison);
    let all = [soup("a", 1), poison, soup("a", 3), soup("b", 1), soup("a", 4)];
    world.serves(&world.cx(), &all).await;
    let mut worker = world.worker("count");

    world.pump(&mut worker).await;
    let at_first = (world.counted().await, world.kept_back().await);
    for _ in 0..2 {
        world.clock.move_by(60);
        world.pump(&mut worker).await;
    }

    let kept = |key: &str, state: &str, attempts| (key.to_owned(), state.to_owned(), attempts);
    assert_eq!(at_first.0, told(&[soup("a", 1), soup("b", 1)]));
    let waiting =
        [kept("a 2", "retrying", 1), kept("a 3", "waiting", 0), kept("a 4", "waiting", 0)];
    assert_eq!(at_first.1, waiting);
    let in_order = [soup("a", 1), soup("b", 1), soup("a", 3), soup("a", 4)];
    assert_eq!(world.counted().await, told(&in_order));
    let done = [kept("a 2", "dead", 3), kept("a 3", "handled", 1), kept("a 4", "handled", 1)];
    assert_eq!(world.kept_back().await, done);
}

#[tokio::test]
async fn what_failed_is_handled_when_it_can_be_and_before_what_follows_it() {
    let world = World::new().await;
    world.serves(&world.cx(), &[served("a", 1, What::Hot), soup("a", 2)]).await;
    let mut worker = world.worker("count");
    world.pump(&mut worker).await;
    world.serves(&world.cx(), &[soup("a", 3)]).await;
    world.pump(&mut worker).await;
    assert_eq!(world.counted().await, []);

    *world.bears_heat.lock().expect("nobody panicked") = true;
    world.clock.move_by(60);
    world.pump(&mut worker).await;

    assert_eq!(world.counted().await, told(&[soup("a", 1), soup("a", 2), soup("a", 3)]));
}

#[tokio::test]
async fn a_handler_that_hangs_or_panics_has_failed() {
    for what in [What::Endless, What::Explosive] {
        let world = World::new().await;
        world.serves(&world.cx(), &[soup("a", 1), served("b", 1, what), soup("c", 1)]).await;
        let impatient = world.counting("count").retry(Retry::NONE);
        let mut worker = world.worker_of(impatient.timeout(Duration::from_millis(300)));

        world.pump(&mut worker).await;

        assert_eq!(world.counted().await, told(&[soup("a", 1), soup("c", 1)]), "{what:?}");
        assert_eq!(world.kept_back().await, [("b 1".to_owned(), "dead".to_owned(), 1)]);
    }
}

/// The server ends its statement each time, as it does while it is overloaded.
#[tokio::test]
async fn an_event_for_which_the_database_is_too_slow_time_and_again_holds_its_key_up_only() {
    let world = World::new().await;
    world.serves(&world.cx(), &[soup("a", 1), soup("b", 1)]).await;
    let slow = Subscription::each::<Served>("slow", |_, tx, it| {
        Box::pin(async move {
            let seconds = if it.event.table == "a" { 1.0 } else { 0.0 };
            let sleep = "select set_config('statement_timeout', '20', true), pg_sleep(0), $1::uuid
                         where $2 >= 0";
            tx.sql(sleep).bind(seconds).run("hurry").await?;
            let count = "insert into socle_desk.counted (tenant_id, key, sequence)
                         select $1, $2, 1 from (select pg_sleep($3)) as slept";
            let count = tx.sql(count).bind(it.envelope.partitionkey.clone()).bind(seconds);
            count.run("count slowly").await.map(drop)
        })
    });
    let mut worker = world.worker_of(slow);

    let mut outages = 0;
    while worker.pump(world.now()).await.is_err() {
        outages += 1;
    }

    assert!((10..=22).contains(&outages), "{outages}");
    assert_eq!(world.counted().await, told(&[soup("b", 1)]));
    assert_eq!(world.kept_back().await, [("a 1".to_owned(), "retrying".to_owned(), 1)]);
}

#[tokio::test]
async fn a_payload_that_cannot_be_read_is_a_dead_letter_at_once() {
    let world = World::new().await;
    world.serves(&world.cx(), &[soup("a", 1), soup("a", 2), soup("a", 3)]).await;
    let damage = "update socle_kitchen.outbox set data = '{\"table\": 7}' where sequence = 2";
    world.database.execute(damage).await;

    world.pump(&mut world.worker("count")).await;

    assert_eq!(world.counted().await, told(&[soup("a", 1), soup("a", 3)]));
    assert_eq!(world.kept_back().await, [("a 2".to_owned(), "dead".to_owned(), 1)]);
}

#[tokio::test]
async fn retries_come_though_the_clock_was_set_back_meanwhile() {
    let world = World::new().await;
    world.serves(&world.cx(), &[served("a", 1, What::Hot)]).await;
    let mut worker = world.worker("count");
    world.pump(&mut worker).await;
    *world.bears_heat.lock().expect("nobody panicked") = true;

    world.clock.move_by(-86_400);
    world.pump(&mut worker).await;

    assert_eq!(world.counted().await, told(&[soup("a", 1)]));
}
