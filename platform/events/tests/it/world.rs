//! A kitchen that tells what it serves, and a desk that keeps count of it.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use socle_db::{Db, Migration, Module, Tx};
use socle_events::{Delivery, Subscription, Worker, publish};
use socle_kernel::{Cx, Event, Fault, Id, Retry, Revision, TenantId, Timestamp};
use socle_testkit::{Clock, TestDatabase, cx};
use uuid::Uuid;

pub(crate) const KITCHEN: Module =
    Module { name: "kitchen", platform: &[socle_events::TABLES], own: &[] };

pub(crate) const DESK: Module = Module {
    name: "desk",
    platform: &[socle_events::TABLES],
    own: &[Migration {
        version: 1,
        description: "counted",
        sql: "create table socle_desk.counted (
                  place bigint generated always as identity,
                  tenant_id uuid not null, key text not null, sequence bigint not null,
                  primary key (tenant_id, place)
              );
              alter table socle_desk.counted
                  enable row level security, force row level security;
              create policy tenant on socle_desk.counted to socle_desk
                  using (tenant_id = (select current_setting('socle.tenant'))::uuid)
                  with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
              create policy system on socle_desk.counted to socle_desk_system
                  using (true) with check (true);
              grant select, insert on socle_desk.counted to socle_desk, socle_desk_system;",
    }],
};

/// Something was served at a table; how often, the table counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Served {
    pub(crate) table: String,
    pub(crate) count: i64,
    /// What the desk is to do when it hears of it.
    pub(crate) what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum What {
    Soup,
    /// Fails each time.
    Poison,
    /// Fails until the desk is told to bear it.
    Hot,
    /// Never ends.
    Endless,
    /// Panics.
    Explosive,
}

impl Event for Served {
    const TYPE: &str = "kitchen.dish.served";
    const TOPIC: &str = "kitchen.dishes.v1";

    fn partition_key(&self) -> String {
        self.table.clone()
    }

    fn sequence(&self) -> Revision {
        Revision::counted(self.count)
    }
}

/// A kitchen and a desk on a database of their own.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) database: TestDatabase,
    pub(crate) kitchen: Db,
    pub(crate) desk: Db,
    pub(crate) clock: Clock,
    caller: Cx,
    pub(crate) bears_heat: Arc<Mutex<bool>>,
}

#[derive(Debug, thiserror::Error)]
#[error("it cannot be eaten")]
pub(crate) struct Uneatable;

impl World {
    pub(crate) async fn new() -> Self {
        Self::on(TestDatabase::of(&[KITCHEN, DESK]).await)
    }

    pub(crate) fn on(database: TestDatabase) -> Self {
        let (kitchen, desk) = (database.db("kitchen"), database.db("desk"));
        let (clock, bears_heat) = (Clock::at_noon(), Arc::default());
        // Identifiers go on counting from one call to the next.
        let caller = cx();
        Self { database, kitchen, desk, clock, caller, bears_heat }
    }

    pub(crate) fn cx(&self) -> Cx {
        self.clock.cx(&self.caller)
    }

    /// The kitchen serves, all at once.
    pub(crate) async fn serves(&self, cx: &Cx, served: &[Served]) {
        let work = async |tx: &mut Tx| -> Result<(), Fault> {
            for it in served {
                publish(cx, tx, it).await?;
            }
            Ok(())
        };
        self.kitchen.run(cx, work).await.expect("it is served");
    }

    /// The desk as a group of this name.
    pub(crate) fn counting(&self, group: &'static str) -> Subscription {
        let bears_heat = Arc::clone(&self.bears_heat);
        Subscription::new::<Served>(group, move |_, tx, served| {
            let bears_heat = *bears_heat.lock().unwrap_or_else(PoisonError::into_inner);
            Box::pin(async move { count(tx, served, bears_heat).await })
        })
        .retry(Retry { attempts: 3, ..Retry::EXPONENTIAL })
    }

    pub(crate) fn worker(&self, group: &'static str) -> Worker {
        self.worker_of(self.counting(group))
    }

    pub(crate) fn worker_of(&self, subscription: Subscription) -> Worker {
        Worker::new(subscription, self.kitchen.clone(), self.desk.clone())
    }

    pub(crate) async fn pump(&self, worker: &mut Worker) -> u64 {
        worker.pump(self.now()).await.expect("the worker works")
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What the desk has counted, in its order.
    pub(crate) async fn counted(&self) -> Vec<(String, i64)> {
        let sql = "select key, sequence from socle_desk.counted order by place";
        sqlx::query_as(sql).fetch_all(&mut self.database.superuser().await).await.expect("counted")
    }

    /// The states of what the desk keeps back, in the order of the log.
    pub(crate) async fn kept_back(&self) -> Vec<(String, String, i32)> {
        let sql = "select partitionkey || ' ' || sequence, state, attempts
                   from socle_desk.delivery order by seq";
        sqlx::query_as(sql).fetch_all(&mut self.database.superuser().await).await.expect("kept")
    }
}

const COUNT: &str = "
    insert into socle_desk.counted (tenant_id, key, sequence)
    select $1, it.key, it.sequence
    from unnest($2::text[], $3::int8[]) with ordinality as it (key, sequence, place)
    order by it.place";

async fn count(tx: &mut Tx, served: &[Delivery<Served>], bears_heat: bool) -> Result<(), Fault> {
    let (keys, counts): (Vec<_>, Vec<_>) =
        served.iter().map(|it| (it.event.table.clone(), it.event.count)).unzip();
    tx.sql(COUNT).bind(keys).bind(counts).run("count what was served").await?;
    for it in served {
        match it.event.what {
            What::Soup => {}
            What::Hot if bears_heat => {}
            What::Poison | What::Hot => return Err(Fault::internal("eat it", Uneatable)),
            What::Endless => std::future::pending().await,
            What::Explosive => panic!("it explodes, as it was asked to"),
        }
    }
    Ok(())
}

pub(crate) fn soup(table: &str, count: i64) -> Served {
    served(table, count, What::Soup)
}

pub(crate) fn served(table: &str, count: i64, what: What) -> Served {
    Served { table: table.to_owned(), count, what }
}

pub(crate) fn tenant(n: u128) -> TenantId {
    Id::from_uuid(Uuid::from_u128(0x7E_0000 + n))
}

/// As [`World::counted`] tells it.
pub(crate) fn told(served: &[Served]) -> Vec<(String, i64)> {
    served.iter().map(|it| (it.table.clone(), it.count)).collect()
}
