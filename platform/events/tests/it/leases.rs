//! A partition has one owner; one that was away too long does nothing any more.

use socle_events::{Worker, groups};

use crate::world::{Served, World, soup, told};

async fn owners(world: &World) -> Vec<Option<String>> {
    let sql = "select owner::text from socle_kitchen.outbox_group order by partition";
    let mut superuser = world.database.superuser().await;
    sqlx::query_scalar(sql).fetch_all(&mut superuser).await.expect("the owners")
}

/// Nobody waits half a minute in a test: the database is told that the time has passed.
async fn leases_run_out(world: &World) {
    let sql = "update socle_kitchen.outbox_group set leased_until = now() - interval '1 second'";
    world.database.execute(sql).await;
}

async fn members_are_forgotten(world: &World) {
    world.database.execute("delete from socle_kitchen.outbox_member").await;
}

#[tokio::test]
async fn one_works_and_the_other_stands_by_until_it_leaves() {
    let world = World::new().await;
    let (mut one, mut other) = (world.worker("count"), world.worker("count"));
    world.pump(&mut one).await;
    world.serves(&world.cx(), &[soup("a", 1)]).await;

    let beside = world.pump(&mut other).await;
    let first = world.pump(&mut one).await;
    world.serves(&world.cx(), &[soup("a", 2)]).await;
    one.leave().await.expect("it leaves");
    let after = world.pump(&mut other).await;

    assert_eq!([beside, first, after], [0, 1, 1]);
    assert_eq!(world.counted().await, told(&[soup("a", 1), soup("a", 2)]));
}

#[tokio::test]
async fn one_that_was_away_past_its_lease_is_fenced_and_doubles_nothing() {
    let world = World::new().await;
    let (mut sleeper, mut heir) = (world.worker("count"), world.worker("count"));
    world.serves(&world.cx(), &[soup("a", 1)]).await;
    world.pump(&mut sleeper).await;
    leases_run_out(&world).await;
    members_are_forgotten(&world).await;
    world.serves(&world.cx(), &[soup("a", 2), soup("a", 3)]).await;
    world.pump(&mut heir).await;
    let of_the_heir = owners(&world).await;

    // It wakes and goes on as if nothing had been.
    world.serves(&world.cx(), &[soup("a", 4)]).await;
    world.pump(&mut sleeper).await;
    world.pump(&mut heir).await;

    assert_eq!(owners(&world).await, of_the_heir);
    assert_eq!(world.counted().await, told(&[1, 2, 3, 4].map(|n| soup("a", n))));
}

#[tokio::test]
async fn workers_share_the_partitions_fairly_and_take_over_what_is_let_go() {
    let world = World::new().await;
    let all: Vec<Served> =
        (0..40).flat_map(|table| (1..=3).map(move |n| soup(&format!("t{table}"), n))).collect();
    let mut workers: Vec<Worker> =
        (0..3).map(|_| world.worker_of(world.counting("count").partitions(4))).collect();

    // Each says that it is there; those that hold too much let go, and others take it.
    for _ in 0..3 {
        for it in &mut workers {
            world.pump(it).await;
        }
    }
    world.serves(&world.cx(), &all).await;
    let mut handled = Vec::new();
    for it in &mut workers {
        handled.push(world.pump(it).await);
    }
    let mut held = owners(&world).await;
    held.sort();
    held.dedup();

    assert_eq!(held.iter().flatten().count(), 3 - handled.iter().filter(|it| **it == 0).count());
    assert!(held.len() == 2 || held.len() == 3, "{held:?}");
    assert_eq!(handled.iter().sum::<u64>(), 120, "{handled:?}");
    let mut counted = world.counted().await;
    for table in 0..40 {
        let of_table: Vec<i64> =
            counted.iter().filter(|it| it.0 == format!("t{table}")).map(|it| it.1).collect();
        assert_eq!(of_table, [1, 2, 3]);
    }
    counted.dedup();
    assert_eq!(counted.len(), 120);
}

#[tokio::test]
async fn a_group_that_is_split_otherwise_loses_and_doubles_nothing() {
    let world = World::new().await;
    let tables = ["a", "b", "c", "d", "e"];
    let serve = async |n| {
        world.serves(&world.cx(), &tables.map(|it| soup(it, n))).await;
    };
    for (n, partitions) in [(1, 1), (2, 4), (3, 2), (4, 1)] {
        let mut worker = world.worker_of(world.counting("count").partitions(partitions));
        serve(2 * n - 1).await;
        world.pump(&mut worker).await;
        serve(2 * n).await;
        worker.leave().await.expect("it leaves");
    }

    world.pump(&mut world.worker("count")).await;

    let counted = world.counted().await;
    for table in tables {
        let of_table: Vec<i64> = counted.iter().filter(|it| it.0 == table).map(|it| it.1).collect();
        assert_eq!(of_table, [1, 2, 3, 4, 5, 6, 7, 8]);
    }
}

#[tokio::test]
async fn how_a_group_stands_is_seen_and_one_that_nobody_works_for_can_be_forgotten() {
    let world = World::new().await;
    let mut worker = world.worker("count");
    world.pump(&mut worker).await;
    world.serves(&world.cx(), &[soup("a", 1), soup("a", 2)]).await;
    let by = "an operator";

    let behind = groups::list(&world.kitchen).await.expect("listed");
    let while_held = groups::forget(&world.kitchen, "count", by).await.expect("asked");
    world.pump(&mut worker).await;
    let abreast = groups::list(&world.kitchen).await.expect("listed");
    worker.leave().await.expect("it leaves");
    let in_the_end = groups::forget(&world.kitchen, "count", by).await.expect("asked");

    let seen = |it: &[groups::Standing]| (it[0].lag_rows, it[0].oldest_at, it[0].is_held);
    assert_eq!(seen(&behind), (2, Some(world.now()), true));
    assert_eq!(seen(&abreast), (0, None, true));
    assert_eq!((behind[0].group.as_str(), behind[0].consumer.as_str()), ("count", "socle_desk"));
    assert_eq!((while_held, in_the_end), (false, true));
    assert!(groups::list(&world.kitchen).await.expect("listed").is_empty());
    let gone = "select count(*) from socle_kitchen.outbox_group_gone
                where grp = 'count' and gone_by = 'an operator'";
    assert_eq!(world.database.number(gone).await, 1);
}
