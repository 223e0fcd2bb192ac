//! This project's jobs, in this process and through the product's own door.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering::Relaxed},
};

use serde::{Deserialize, Serialize};
use socle_db::{Database, Db, Tx};
use socle_jobs::{Job, Run, Settings, Slots, Work, Worker};
use socle_kernel::Fault;
use tokio::{
    sync::oneshot,
    task::JoinSet,
    time::{Duration, Instant, sleep},
};

use super::{Beside, Burnt, Calls, Costs, Heap, Pace, Transactions, Waits};
use crate::{
    Failed, deal,
    pace::Dues,
    place::{Ground, MODULE, Place},
    round::Tally,
};

/// Jobs that are enqueued by one statement.
const BATCH: usize = 5_000;

/// Jobs that run before anything is measured.
const WARM_UP: u32 = 200;

const PATIENCE: Duration = Duration::from_mins(1);
const LOOK: Duration = Duration::from_millis(2);

const BUSINESS: &str = "insert into socle_bench.business (tenant_id, what) values ($1, $2)";

/// Whatever has not ended.
const LEFT: &str = "select count(*) from socle_bench.job_run";

/// The nth of those that are measured, or none of them.
#[derive(Serialize, Deserialize)]
struct DoNothing {
    n: Option<u32>,
}

impl Job for DoNothing {
    const KIND: &str = "bench.do-nothing";
}

/// A database of its own, with nobody at work yet.
struct Stand {
    ground: Ground,
    database: Database,
    db: Db,
}

/// A worker until it is told to stop.
struct Shift {
    stop: oneshot::Sender<()>,
    worker: JoinSet<()>,
}

/// Moments by number, in microseconds since `origin`; 0 is not yet.
#[derive(Clone)]
struct Moments {
    origin: Instant,
    at: Arc<[AtomicI64]>,
}

pub(super) async fn burn_down(place: &Place, heap: Heap, beside: Beside) -> Result<Burnt, Failed> {
    let stand = Stand::open(place).await?;
    enqueue_many(&stand.db, heap.jobs).await?;
    let onlooker = beside.begin(&stand.ground).await?;
    let done = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&done);
    let work = Work::new(move |_: Run, _: DoNothing| {
        counted.fetch_add(1, Relaxed);
        async { Ok(()) }
    });
    let (start, end) = (Instant::now(), Duration::from_secs(heap.seconds_max));
    let shift = Shift::begin(&stand.db, work, None);
    while done.load(Relaxed) < heap.jobs && start.elapsed() < end {
        sleep(LOOK).await;
    }
    let burnt = Burnt { done: done.load(Relaxed), seconds: start.elapsed().as_secs_f64() };
    shift.end().await?;
    drop(onlooker);
    let left: i64 = sqlx::query_scalar(LEFT).fetch_one(&mut stand.ground.admin().await?).await?;
    if burnt.done == heap.jobs && left != 0 {
        return Err(Failed(format!("{left} jobs were done and have not ended")));
    }
    stand.clear(place).await?;
    Ok(burnt)
}

pub(super) async fn steady(place: &Place, asked: Pace) -> Result<Waits, Failed> {
    let (stand, origin) = (Stand::open(place).await?, Instant::now());
    let (committed, begun) = (Moments::of(asked, origin), Moments::of(asked, origin));
    let warm = Arc::new(AtomicU64::new(0));
    let shift = Shift::begin(&stand.db, work(&begun, &warm, asked.work_ms), asked.workers);
    for _ in 0..WARM_UP {
        enqueue_one(&stand.db, 0, DoNothing { n: None }).await?;
    }
    until(|| u64::from(WARM_UP) <= warm.load(Relaxed)).await;
    enqueue_many(&stand.db, asked.flood).await?;
    let dues = Dues::new(asked.rate, asked.seconds, asked.callers);
    let (db, told, tenants) = (stand.db.clone(), committed.clone(), asked.tenants);
    dues.keep(move |n| {
        let (db, told) = (db.clone(), told.clone());
        async move {
            enqueue_one(&db, 1 + n % tenants, DoNothing { n: Some(n) }).await?;
            told.tell(n);
            Ok(())
        }
    })
    .await?;
    until(|| begun.are_all_told()).await;
    shift.end().await?;
    let waits = waits(dues, &committed, &begun);
    stand.clear(place).await?;
    Ok(waits)
}

fn work(begun: &Moments, warm: &Arc<AtomicU64>, work_ms: u64) -> Work {
    let (begun, warm) = (begun.clone(), Arc::clone(warm));
    Work::new(move |_: Run, job: DoNothing| {
        match job.n {
            Some(n) => begun.tell(n),
            None => drop(warm.fetch_add(1, Relaxed)),
        }
        async move {
            if 0 < work_ms {
                sleep(Duration::from_millis(work_ms)).await;
            }
            Ok(())
        }
    })
}

fn waits(dues: Dues, committed: &Moments, begun: &Moments) -> Waits {
    let all: Vec<_> = (0..dues.count).filter(|n| begun.us(*n) != 0).collect();
    let since = |from: i64, n: u32| u32::try_from((begun.us(n) - from).max(0)).unwrap_or(u32::MAX);
    Waits {
        missing: u64::from(dues.count) - all.len() as u64,
        after_commit_us: all.iter().map(|n| since(committed.us(*n), *n)).collect(),
        after_due_us: all.iter().map(|n| since(begun.us_of(dues.due(*n)), *n)).collect(),
    }
}

pub(super) async fn enqueue(place: &Place, calls: Calls) -> Result<Costs, Failed> {
    let stand = Stand::open(place).await?;
    let mut costs = Costs::default();
    // The first warms up.
    for round in 0..=calls.rounds {
        let without = transact(&stand.db, calls, business).await?;
        let with = transact(&stand.db, calls, business_and_job).await?;
        if 0 < round {
            costs.without.push(without);
            costs.with.push(with);
        }
    }
    stand.clear(place).await?;
    Ok(costs)
}

/// A round: callers that make one transaction after the other.
async fn transact<F>(
    db: &Db,
    calls: Calls,
    call: impl Fn(Db) -> F + Copy + Send + 'static,
) -> Result<Transactions, Failed>
where
    F: Future<Output = Result<(), Fault>> + Send,
{
    let mut callers = JoinSet::new();
    let (start, time) = (Instant::now(), Duration::from_secs_f64(calls.seconds));
    for _ in 0..calls.callers {
        let db = db.clone();
        callers.spawn(async move {
            let mut tally = Tally::default();
            while start.elapsed() < time {
                let begun = Instant::now();
                call(db.clone()).await?;
                tally.answered(begun.elapsed());
            }
            Ok::<_, Fault>(tally.latencies_us)
        });
    }
    let mut latencies_us = Vec::new();
    while let Some(done) = callers.join_next().await {
        latencies_us.extend(done??);
    }
    Ok(Transactions { seconds: start.elapsed().as_secs_f64(), latencies_us })
}

async fn business(db: Db) -> Result<(), Fault> {
    let cx = deal::cx(1);
    db.run(&cx, async |tx: &mut Tx| write(tx).await).await
}

async fn business_and_job(db: Db) -> Result<(), Fault> {
    let cx = deal::cx(1);
    db.run(&cx, async |tx: &mut Tx| {
        write(tx).await?;
        socle_jobs::enqueue(&cx, tx, &DoNothing { n: None }).await.map(drop)
    })
    .await
}

async fn write(tx: &mut Tx) -> Result<(), Fault> {
    tx.sql(BUSINESS).bind("a thing").run("write the business").await.map(drop)
}

async fn enqueue_one(db: &Db, tenant: u32, job: DoNothing) -> Result<(), Fault> {
    let cx = deal::cx(tenant);
    db.run(&cx, async |tx: &mut Tx| socle_jobs::enqueue(&cx, tx, &job).await.map(drop)).await
}

/// So many of tenant 0.
async fn enqueue_many(db: &Db, count: u64) -> Result<(), Fault> {
    let cx = deal::cx(0);
    for first in (0..count).step_by(BATCH) {
        let size = (count - first).min(BATCH as u64);
        let jobs: Vec<_> = (0..size).map(|_| DoNothing { n: None }).collect();
        let jobs = &jobs;
        db.run(&cx, async |tx: &mut Tx| socle_jobs::enqueue_all(&cx, tx, jobs).await.map(drop))
            .await?;
    }
    Ok(())
}

async fn until(is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() && begun.elapsed() < PATIENCE {
        sleep(LOOK).await;
    }
}

impl Stand {
    async fn open(place: &Place) -> Result<Self, Failed> {
        let ground = place.ground().await?;
        let database = ground.open();
        let db = database.module(MODULE.name);
        Ok(Self { ground, database, db })
    }

    async fn clear(self, place: &Place) -> Result<(), Failed> {
        self.database.close().await;
        place.clear(self.ground).await
    }
}

impl Shift {
    /// With as many hands as asked for, or as the product has.
    fn begin(db: &Db, work: Work, hands: Option<u32>) -> Self {
        let slots = hands.map_or_else(Slots::default, |it| Slots::of(|_| it as usize));
        let settings = Settings { slots, ..Settings::default() };
        let worker = Worker::new(db.clone(), vec![work]).with_settings(settings);
        let (stop, stopped) = oneshot::channel();
        let mut running = JoinSet::new();
        running.spawn(worker.work(async { drop(stopped.await) }));
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

impl Moments {
    fn of(pace: Pace, origin: Instant) -> Self {
        let at = (0..pace.rate * pace.seconds).map(|_| AtomicI64::new(0)).collect();
        Self { origin, at }
    }

    fn tell(&self, n: u32) {
        self.at[n as usize].store(self.us_of(Instant::now()), Relaxed);
    }

    fn us(&self, n: u32) -> i64 {
        self.at[n as usize].load(Relaxed)
    }

    fn us_of(&self, moment: Instant) -> i64 {
        i64::try_from((moment - self.origin).as_micros()).unwrap_or(i64::MAX)
    }

    fn are_all_told(&self) -> bool {
        self.at.iter().all(|it| it.load(Relaxed) != 0)
    }
}
