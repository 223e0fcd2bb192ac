//! What both brokers' experiments with failing handlers have in common.

use std::time::{Duration, Instant};

use crate::{Database, Fault, Scene, Table, until, write};

pub const POISON_HEADING: &str = "poison: 20 of 200 keys fail at their second fact for 1.5 s";
/// The second fact of 20 keys fails for a while.
const POISON: &str =
    "insert into poison select tenantid, partitionkey, 2, true from key order by 2 limit 20";
/// The third fact of one key, whose successors wait, fails for ever.
const FOR_EVER: &str = "
insert into poison select tenantid, partitionkey, 3, false from key where 6 < sequence limit 1";
const CURE: &str = "delete from poison";
const REPLAY: &str = "update parked set dead = false, next_at = clock_timestamp()";
/// The effects of keys without poison that are still missing.
const OTHERS: &str = "
select (select count(*) from outbox where (tenantid, partitionkey) not in
            (select tenantid, partitionkey from poison))
     - (select count(*) from effect where (tenantid, partitionkey) not in
            (select tenantid, partitionkey from poison))";

/// 2,000 facts of 200 keys, of which 20 fail once.
pub async fn poison(database: &Database) -> Result<(), Fault> {
    write(&database.url, 2_000, 200).await?;
    database.run(POISON).await
}

/// Waits until the keys without poison are done, and prints how long that took from the first fact.
pub async fn others_done(database: &Database) -> Result<(), Fault> {
    let some = async || database.number("select count(*) from seen").await.is_ok_and(|it| it > 0);
    until("the first fact comes", Duration::from_secs(20), some).await?;
    let since = Instant::now();
    let done = async || database.number(OTHERS).await.is_ok_and(|it| it == 0);
    let done = until("the other keys are done", Duration::from_secs(40), done).await;
    println!("    the other keys: {:.1} s, {done:?}", since.elapsed().as_secs_f64());
    Ok(())
}

/// One fact is never cured: its key goes on without it, and a replay brings it late.
pub async fn dead_letter(scene: &Scene, table: &mut Table) -> Result<(), Fault> {
    let (database, group) = (&scene.database, &scene.part.group);
    write(&database.url, 10_000, 500).await?;
    database.run(FOR_EVER).await?;
    let _relay = scene.child("relay", "relay", |_| {})?;
    let _reader = scene.child("consume", "c1", |_| {})?;
    let all_but_it = async || {
        let missing = "select (select count(*) from outbox) - (select count(*) from effect)";
        database.number(missing).await.is_ok_and(|it| it == 1)
    };
    until("all but the poison are handled", Duration::from_mins(1), all_but_it).await?;
    let dead = "select count(*) from parked where dead";
    let dead = async || database.number(dead).await.is_ok_and(|it| it == 1);
    until("the poison is a dead letter", Duration::from_secs(20), dead).await?;
    let counts = database.counts(group).await?;
    table.row_of_a_broken_promise("one poison among 10,000, dead after 6 attempts", counts);
    assert_eq!((counts.effects, counts.inverted), (counts.sent - 1, 0));
    database.run(CURE).await?;
    database.run(REPLAY).await?;
    database.all_handled(group).await?;
    table.row_of_a_broken_promise("    the same, replayed", database.counts(group).await?);
    Ok(())
}
