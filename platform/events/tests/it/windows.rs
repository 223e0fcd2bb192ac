//! Windows: every committed row once, none out of the order of its key, and nobody waits for a
//! transaction that stays open.

mod script;
mod writers;

use socle_events::{
    Envelope, Start,
    tail::{Filter, Tail},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::world::{World, soup, told};

const INSERT: &str = "
    insert into socle_kitchen.outbox
        (tenant_id, id, type, dataversion, partitionkey, sequence, time, actortype, actorid,
         correlationid, data)
    select '00000000-0000-0000-0000-000000000ace', gen_random_uuid(), 'kitchen.dish.served', 1,
           '{key}', {count}, now(), 'system', 'test', gen_random_uuid(),
           '{\"table\":\"{key}\",\"count\":{count},\"what\":\"Soup\"}'";

pub(crate) async fn writes(session: &mut PgConnection, key: &str, count: i64) {
    let insert = INSERT.replace("{key}", key).replace("{count}", &count.to_string());
    run(session, &insert).await;
}

pub(crate) async fn run(session: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(session).await.expect("the server obeys");
}

#[tokio::test]
async fn a_transaction_that_stays_open_holds_nobody_up_and_is_heard_in_the_end() {
    let world = World::new().await;
    let mut slow = world.database.superuser().await;
    run(&mut slow, "begin").await;
    writes(&mut slow, "slow", 1).await;
    let mut worker = world.worker("count");

    for n in 1..=3 {
        world.serves(&world.cx(), &[soup("quick", n)]).await;
        world.pump(&mut worker).await;
    }
    assert_eq!(world.counted().await, told(&[1, 2, 3].map(|n| soup("quick", n))));
    run(&mut slow, "commit").await;
    world.pump(&mut worker).await;

    let all = [soup("quick", 1), soup("quick", 2), soup("quick", 3), soup("slow", 1)];
    assert_eq!(world.counted().await, told(&all));
}

/// A snapshot does not list transactions that are younger than all that have ended. A tail reads
/// and never writes, so that nothing of its own ends in between.
#[tokio::test]
async fn the_youngest_transaction_is_heard_though_it_drew_its_place_before_the_last_one_seen() {
    let world = World::new().await;
    let [mut older, mut younger] =
        [world.database.superuser().await, world.database.superuser().await];
    let tail = Tail::open(world.kitchen.clone(), Filter::default(), Start::Now).await;
    let mut tail = tail.expect("opened");
    run(&mut older, "begin; select pg_current_xact_id()").await;
    run(&mut younger, "begin").await;
    writes(&mut younger, "younger", 1).await;
    writes(&mut older, "older", 1).await;
    run(&mut older, "commit").await;

    let first = tail.next().await.expect("read");
    run(&mut younger, "commit").await;
    let second = tail.next().await.expect("read");

    let keys = |of: &[Envelope]| of.iter().map(|it| it.partitionkey.clone()).collect::<Vec<_>>();
    assert_eq!(
        (keys(&first), keys(&second)),
        (vec!["older".to_owned()], vec!["younger".to_owned()])
    );
    assert!(second[0].seq < first[0].seq);
    for it in [older, younger] {
        it.close().await.expect("it ends");
    }
}
