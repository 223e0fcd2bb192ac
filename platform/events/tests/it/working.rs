//! A worker at work: woken by commits, stopped cleanly, measured, at a known cost.

use futures_util::future::join;
use socle_kernel::Retry;
use socle_telemetry::Metrics;
use tokio::{sync::oneshot, task};

use crate::world::{Served, What, World, served, soup, told};

#[tokio::test]
async fn a_worker_is_woken_by_a_commit_and_lets_go_when_it_is_stopped() {
    let world = World::new().await;
    let (stop, stopped) = oneshot::channel::<()>();
    let working = world.worker("count").work(|| world.now(), async { drop(stopped.await) });
    let watching = async {
        for n in 1..=20 {
            world.serves(&world.cx(), &[soup("a", n)]).await;
            while world.counted().await.len() < usize::try_from(n).expect("small") {
                task::yield_now().await;
            }
        }
        stop.send(()).expect("it is at work");
    };

    Box::pin(join(working, watching)).await;

    assert_eq!(world.counted().await.len(), 20);
    let held = "select count(*) from socle_kitchen.outbox_group where owner is not null";
    let members = "select count(*) from socle_kitchen.outbox_member";
    assert_eq!([world.database.number(held).await, world.database.number(members).await], [0, 0]);
    assert_eq!(world.pump(&mut world.worker("count")).await, 0, "it wrote down how far it was");
}

#[tokio::test]
async fn what_becomes_of_events_is_measured() {
    let world = World::new().await;
    let all = [soup("a", 1), served("b", 1, What::Poison), served("c", 1, What::Hot)];
    world.serves(&world.cx(), &all).await;
    let metrics = Metrics::new("0.0.0");
    let twice = Retry { attempts: 2, ..Retry::EXPONENTIAL };
    let mut worker = world.worker_of(world.counting("count").retry(twice)).measured(&metrics);

    world.pump(&mut worker).await;
    *world.bears_heat.lock().expect("nobody panicked") = true;
    world.clock.move_by(60);
    world.pump(&mut worker).await;
    world.serves(&world.cx(), &[soup("a", 2)]).await;
    world.pump(&mut worker).await;
    world.pump(&mut worker).await;

    let text = metrics.render();
    for line in [
        "socle_events_handled_total{group=\"count\",outcome=\"handled\"} 2",
        "socle_events_handled_total{group=\"count\",outcome=\"failed\"} 2",
        "socle_events_handled_total{group=\"count\",outcome=\"retried\"} 1",
        "socle_events_handled_total{group=\"count\",outcome=\"dead\"} 1",
        "socle_events_batch_size_sum{group=\"count\"} 2.0",
        "socle_events_dead{group=\"count\"} 1",
        "socle_events_parked{group=\"count\"} 0",
        "socle_events_lag_rows{group=\"count\"} 0",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

/// Three to read, four to handle, of which one is the handler's own.
const TRIPS_OF_A_BATCH: u64 = 7;

#[tokio::test]
async fn a_batch_costs_seven_round_trips_however_many_events_it_has() {
    let world = World::new().await;
    let mut worker = world.worker_of(world.counting("count").batch(10));
    world.pump(&mut worker).await;
    let mut costs = Vec::new();
    for batches in [1, 4] {
        let all: Vec<Served> = (0..10 * batches - 1).map(|n| soup(&format!("{n}"), 1)).collect();
        world.serves(&world.cx(), &all).await;
        let before = world.database.database.round_trips();
        world.pump(&mut worker).await;
        costs.push(world.database.database.round_trips() - before);
    }

    // A pump also asks each time what is due again, in three; looks once more behind a window of
    // several batches; and writes down in three, when it is slow, how far it is.
    let least = 3 * (TRIPS_OF_A_BATCH + 3) + 6;
    assert!((least..=least + 4 * 3).contains(&(costs[1] - costs[0])), "{costs:?}");
}

/// Events, written by the server itself: tables that are served in turn, one dish is poison.
const MANY: &str = "
    insert into socle_kitchen.outbox
        (tenant_id, id, type, dataversion, partitionkey, sequence, time, actortype, actorid,
         correlationid, data)
    select '00000000-0000-0000-0000-000000000ace', gen_random_uuid(), 'kitchen.dish.served', 1,
           't' || n % 20, n / 20 + 1, now(), 'system', 'test', gen_random_uuid(),
           json_build_object('table', 't' || n % 20, 'count', n / 20 + 1,
                             'what', case n when 4567 then 'Poison' else 'Soup' end)
    from generate_series(0, 9999) as n";

#[tokio::test]
async fn of_10_000_events_the_poisonous_one_is_a_dead_letter_and_the_others_are_handled() {
    let world = World::new().await;
    world.database.execute(MANY).await;
    let mut worker = world.worker_of(world.counting("count").retry(Retry::NONE));

    world.pump(&mut worker).await;

    let counted = world.counted().await;
    assert_eq!(counted.len(), 9_999);
    assert_eq!(world.kept_back().await, [("t7 229".to_owned(), "dead".to_owned(), 1)]);
    for table in 0..20 {
        let of_table = counted.iter().filter(|it| it.0 == format!("t{table}")).cloned();
        let expected = (1..=500).filter(|n| (table, *n) != (7, 229));
        let expected: Vec<Served> = expected.map(|n| soup(&format!("t{table}"), n)).collect();
        assert_eq!(of_table.collect::<Vec<_>>(), told(&expected));
    }
}
