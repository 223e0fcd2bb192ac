//! Events that are published, and a group that handles them many at a time.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use socle_db::{Database, Db, Tx};
use socle_events::{Author, Fact, Subscription, Worker, publish, sql};
use socle_kernel::{Event, Revision, Timestamp};
use tokio::{
    sync::oneshot,
    task::JoinSet,
    time::{Duration, Instant, sleep},
};

use crate::{
    Failed, deal,
    pace::Dues,
    place::{self, Ground, MODULE, Place},
    round::{Tally, count as number},
};

/// Events that are published by one statement, before the group works.
const BATCH: usize = 1_000;

const KEYS: u64 = 1_000;

/// Publishers of one event a transaction.
const CALLERS: u32 = 32;

const PATIENCE: Duration = Duration::from_mins(2);
const LOOK: Duration = Duration::from_millis(2);

/// What a handler does with a batch.
const HANDLE: &str = "insert into socle_bench.business (tenant_id, what) values ($1, $2)";

/// From the publisher's commit to the commit that has effect and mark, by the server's own clock.
const LATENCIES: &str = "
    select (extract(epoch from pg_xact_commit_timestamp(i.xmin)
                             - pg_xact_commit_timestamp(o.xid::xid)) * 1000000)::int8
    from socle_bench.inbox i join socle_bench.outbox o on o.id = i.event_id
    where o.seq > $1";

const MARKS: &str = "select count(*) from socle_bench.inbox";

const LAST: &str = "select coalesce(max(seq), 0) from socle_bench.outbox";

/// What is published.
#[derive(Serialize, Deserialize)]
struct Happened {
    key: u64,
    n: i64,
}

impl Event for Happened {
    const TYPE: &str = "bench.thing.happened";
    const TOPIC: &str = "bench.things.v1";

    fn partition_key(&self) -> String {
        format!("thing:{}", self.key)
    }

    fn sequence(&self) -> Revision {
        Revision::counted(self.n)
    }
}

/// A database of its own, and how many of its events were handled.
pub(crate) struct Log {
    ground: Ground,
    database: Database,
    db: Db,
    published: u64,
    handled: Arc<AtomicU64>,
}

/// The group at work.
struct Group {
    stop: oneshot::Sender<()>,
    worker: JoinSet<()>,
}

impl Log {
    pub(crate) async fn open(place: &Place) -> Result<Self, Failed> {
        let ground = place.ground().await?;
        let database = ground.open();
        let db = database.module(MODULE.name);
        Ok(Self { ground, database, db, published: 0, handled: Arc::default() })
    }

    /// How many are handled in a second that all lay there, of so many tenants in turns.
    pub(crate) async fn backlog(&mut self, count: u64, tenants: u32) -> Result<f64, Failed> {
        for first in (0..count).step_by(BATCH) {
            let tenant = u32::try_from(first / BATCH as u64)? % tenants;
            self.publish_many(tenant, (count - first).min(BATCH as u64)).await?;
        }
        place::run(&mut self.ground.admin().await?, "vacuum analyze").await?;
        let start = Instant::now();
        let group = Group::begin(self);
        self.until_handled().await?;
        let seconds = start.elapsed().as_secs_f64();
        self.until_marked().await?;
        group.end().await?;
        Ok(number(count) / seconds)
    }

    /// From commit to commit, for what is published at a pace.
    pub(crate) async fn paced(&mut self, rate: u32, seconds: u32) -> Result<Tally, Failed> {
        let group = Group::begin(self);
        self.pace(rate, 2).await?;
        self.until_marked().await?;
        let mut admin = self.ground.admin().await?;
        let before: i64 = sqlx::query_scalar(LAST).fetch_one(&mut admin).await?;
        self.pace(rate, seconds).await?;
        self.until_marked().await?;
        group.end().await?;
        let waits = sqlx::query_scalar(LATENCIES).bind(before);
        let waits: Vec<i64> = waits.fetch_all(&mut admin).await?;
        let latencies_us: Vec<_> =
            waits.into_iter().map(|it| u32::try_from(it.max(0)).unwrap_or(u32::MAX)).collect();
        let posted = latencies_us.len() as u64;
        if posted != u64::from(rate * seconds) {
            return Err(Failed(format!("{posted} of {} events were marked", rate * seconds)));
        }
        Ok(Tally { posted, refused: 0, seconds: f64::from(seconds), latencies_us })
    }

    /// Each event was handled once.
    pub(crate) async fn verify(self, place: &Place) -> Result<(), Failed> {
        let mut admin = self.ground.admin().await?;
        let marks: i64 = sqlx::query_scalar(MARKS).fetch_one(&mut admin).await?;
        let (published, handled) = (self.published, self.handled.load(Relaxed));
        if (u64::try_from(marks), handled) != (Ok(published), published) {
            let why = format!("{published} were published, {handled} handled, {marks} are marked");
            return Err(Failed(why));
        }
        self.database.close().await;
        place.clear(self.ground).await
    }

    async fn publish_many(&mut self, tenant: u32, count: u64) -> Result<(), Failed> {
        let cx = deal::cx(tenant);
        let mut facts = Vec::new();
        for n in 0..count {
            let event = Happened { key: n % KEYS, n: 1 };
            facts.push(Fact::of(&event, cx.new_id(), cx.tenant, cx.now, Author::from(&cx))?);
        }
        let facts = &facts;
        self.db
            .run(&cx, async |tx: &mut Tx| sql::insert(tx.template(&sql::INSERT), facts).await)
            .await?;
        self.published += count;
        Ok(())
    }

    /// One event a transaction.
    async fn pace(&mut self, rate: u32, seconds: u32) -> Result<(), Failed> {
        let db = self.db.clone();
        let dues = Dues::new(rate, seconds, CALLERS);
        self.published += u64::from(dues.count);
        dues.keep(move |n| {
            let db = db.clone();
            async move {
                let (cx, event) = (deal::cx(0), Happened { key: u64::from(n) % KEYS, n: 1 });
                db.run(&cx, async |tx: &mut Tx| publish(&cx, tx, &event).await).await?;
                Ok(())
            }
        })
        .await
    }

    async fn until_handled(&self) -> Result<(), Failed> {
        let begun = Instant::now();
        while self.handled.load(Relaxed) < self.published {
            if PATIENCE < begun.elapsed() {
                let handled = self.handled.load(Relaxed);
                return Err(Failed(format!("{handled} of {} are handled", self.published)));
            }
            sleep(LOOK).await;
        }
        Ok(())
    }

    /// What was handled has its marks once it has committed.
    async fn until_marked(&self) -> Result<(), Failed> {
        self.until_handled().await?;
        let (mut admin, begun) = (self.ground.admin().await?, Instant::now());
        while begun.elapsed() < PATIENCE {
            let marks: i64 = sqlx::query_scalar(MARKS).fetch_one(&mut admin).await?;
            if u64::try_from(marks) == Ok(self.published) {
                return Ok(());
            }
            sleep(LOOK).await;
        }
        Err(Failed::because("what was handled has no marks"))
    }
}

impl Group {
    fn begin(log: &Log) -> Self {
        let handled = Arc::clone(&log.handled);
        let subscription = Subscription::new::<Happened>("bench", move |_, tx, events| {
            let handled = Arc::clone(&handled);
            async move {
                let what = format!("{} events", events.len());
                tx.sql(HANDLE).bind(what).run("handle the batch").await?;
                handled.fetch_add(events.len() as u64, Relaxed);
                Ok(())
            }
            .boxed()
        });
        let worker = Worker::new(subscription, log.db.clone(), log.db.clone());
        let (stop, stopped) = oneshot::channel();
        let mut running = JoinSet::new();
        running.spawn(worker.work(now, async { drop(stopped.await) }));
        Self { stop, worker: running }
    }

    async fn end(mut self) -> Result<(), Failed> {
        drop(self.stop);
        while let Some(ended) = self.worker.join_next().await {
            ended?;
        }
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench stands where the edges do")]
fn now() -> Timestamp {
    Timestamp::now()
}
