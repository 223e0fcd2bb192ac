//! Many writers at once, as they come.

use std::{cell::Cell, collections::BTreeMap};

use futures_util::future::{join, join_all};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::task;

use super::{run, writes};
use crate::world::World;

const WRITERS: u32 = 6;
const TRANSACTIONS: u32 = 40;
const KEYS: u32 = 5;

/// Numbers by chance, the same each time (Knuth's linear congruential generator for 64 bits).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        u32::try_from(self.0 >> 33).expect("31 bits") % most
    }
}

/// Writes to some keys in one transaction after the other; a fifth of them is taken back.
async fn writer(mut session: PgConnection, seed: u64) {
    let mut chance = Chance(seed);
    for _ in 0..TRANSACTIONS {
        let begin =
            if chance.below(2) == 0 { "begin" } else { "begin; select pg_current_xact_id()" };
        run(&mut session, begin).await;
        let first = chance.below(KEYS);
        for key in first..KEYS.min(first + 1 + chance.below(3)) {
            // The key is locked before its count is drawn, as a module does it.
            let lock =
                format!("update key set count = count + 1 where key = {key} returning count");
            let count = sqlx::query_scalar(AssertSqlSafe(lock)).fetch_one(&mut session).await;
            for _ in 0..chance.below(4) {
                run(&mut session, "select 1").await;
            }
            writes(&mut session, &format!("k{key}"), count.expect("counted")).await;
        }
        let end = if chance.below(5) == 0 { "rollback" } else { "commit" };
        run(&mut session, end).await;
        task::yield_now().await;
    }
    session.close().await.expect("it ends");
}

#[tokio::test]
async fn of_many_writers_at_once_everything_is_heard_once_while_others_stay_open() {
    let world = World::new().await;
    let keys = format!(
        "create table key as select key, 0::int8 as count
                        from generate_series(0, {KEYS} - 1) as key"
    );
    world.database.execute(&keys).await;
    // One that writes here and one in another database of the server, for as long as all others.
    let mut open = world.database.superuser().await;
    run(&mut open, "begin").await;
    writes(&mut open, "open", 1).await;
    let elsewhere = socle_testkit::server().await.admin("postgres");
    let mut elsewhere = PgConnection::connect_with(&elsewhere).await.expect("the server");
    run(&mut elsewhere, "begin; select pg_current_xact_id()").await;

    let mut sessions = Vec::new();
    for seed in 0..WRITERS {
        sessions.push(writer(world.database.superuser().await, u64::from(seed) + 7));
    }
    let mut worker = world.worker_of(world.counting("count").batch(7));
    let is_done = Cell::new(false);
    let writing = async {
        join_all(sessions).await;
        is_done.set(true);
    };
    let reading = async {
        while !is_done.get() {
            world.pump(&mut worker).await;
        }
        world.pump(&mut worker).await
    };
    join(writing, reading).await;

    let heard = world.counted().await;
    run(&mut open, "commit").await;
    world.pump(&mut worker).await;
    run(&mut elsewhere, "rollback").await;
    let mut of_key: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for (key, count) in heard {
        of_key.entry(key).or_default().push(count);
    }
    for key in 0..KEYS {
        let count = format!("select count from key where key = {key}");
        let expected: Vec<i64> = (1..=world.database.number(&count).await).collect();
        assert_eq!(of_key.remove(&format!("k{key}")).unwrap_or_default(), expected, "key {key}");
    }
    assert!(of_key.is_empty(), "nothing of what is open: {of_key:?}");
    assert_eq!(world.counted().await.last(), Some(&("open".to_owned(), 1)));
}
