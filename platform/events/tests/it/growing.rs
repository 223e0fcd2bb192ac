//! A database of an earlier version becomes one of this version, with everything that is in it.

use socle_db::{Database, Logins, Module};
use socle_testkit::{TestDatabase, server};

use crate::world::{DESK, KITCHEN, World, soup, told};

/// The kitchen, as it was when nobody read its events.
const BEFORE: Module =
    Module { name: "kitchen", platform: &[&[socle_events::TABLES[0]]], own: &[] };

const OLD: &str = "
    insert into socle_kitchen.outbox
        (tenant_id, id, type, dataversion, partitionkey, sequence, time, actortype, actorid,
         correlationid, data)
    select '00000000-0000-0000-0000-000000000ace', gen_random_uuid(), 'kitchen.dish.served', 1,
           'a', n, now(), 'system', 'test', gen_random_uuid(),
           json_build_object('table', 'a', 'count', n, 'what', 'Soup')
    from generate_series(1, 3) as n";

#[tokio::test]
async fn what_was_published_before_anybody_could_read_it_is_read() {
    let database = TestDatabase::of(&[BEFORE, DESK]).await;
    database.execute(OLD).await;

    let logins = Logins::trusted(server().await.admin(&database.name));
    Database::migrate(&logins, &[KITCHEN, DESK]).await.expect("migrated");
    let world = World::on(database);
    let mut worker = world.worker("count");
    world.pump(&mut worker).await;
    world.serves(&world.cx(), &[soup("a", 4)]).await;
    world.pump(&mut worker).await;

    assert_eq!(world.counted().await, told(&[1, 2, 3, 4].map(|n| soup("a", n))));
}
