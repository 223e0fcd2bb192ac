//! A module that has jobs and nothing else.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use socle_db::{Database, Db, Logins, Module, Tx};
use socle_jobs::{Desk, Enqueued, Job, JobId, Seen, Settings, Work, Worker};
use socle_kernel::{Cx, Fault, Id, TenantId, Timestamp};
use socle_testkit::{Clock, TestDatabase, cx, server};
use tokio::{sync::oneshot, task::JoinHandle};
use uuid::Uuid;

pub(crate) const MODULE: Module =
    Module { name: "post", platform: &[socle_jobs::TABLES], own: &[] };

/// How long something may take that happens by itself: a loaded machine needs long for little.
const PATIENCE: Duration = Duration::from_secs(30);

/// Who asks in these tests, when, and what has been done so far.
pub(crate) struct World {
    pub(crate) database: TestDatabase,
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) log: Log,
}

/// What handlers have done, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn add(&self, line: impl Into<String>) {
        self.0.lock().expect("the log is whole").push(line.into());
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().expect("the log is whole").clone()
    }

    /// Waits until there are so many lines.
    pub(crate) async fn until(&self, count: usize) -> Vec<String> {
        until("lines of the log", async || Some(self.lines()).filter(|it| count <= it.len())).await
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::on(TestDatabase::of(&[MODULE]).await)
    }

    /// Where jobs are due by the clock on the wall.
    #[expect(clippy::disallowed_methods, reason = "workers that really work look at it")]
    pub(crate) async fn real() -> Self {
        let world = Self::new().await;
        let wall = Timestamp::now().to_jiff().as_second();
        world.clock.move_by(wall - world.now().to_jiff().as_second());
        world
    }

    pub(crate) fn on(database: TestDatabase) -> Self {
        let db = database.db("post");
        Self { database, db, clock: Clock::at_noon(), log: Log::default() }
    }

    /// A caller whose identifiers are drawn, at the time of the clock.
    pub(crate) fn cx(&self) -> Cx {
        self.of(cx().tenant)
    }

    pub(crate) fn of(&self, tenant: TenantId) -> Cx {
        Cx::new(tenant, cx().actor, self.clock.now())
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn desk(&self) -> Desk {
        Desk::new(self.db.clone())
    }

    /// The same database, as another process has it.
    pub(crate) async fn elsewhere(&self) -> Db {
        let admin = server().await.admin(&self.database.name);
        Database::open(&Logins::trusted(admin)).module("post")
    }

    pub(crate) fn worker(&self, works: Vec<Work>) -> Worker {
        Worker::new(self.db.clone(), works)
    }

    pub(crate) async fn enqueue<J: Job>(&self, job: &J) -> Enqueued {
        self.enqueue_as(&self.cx(), job).await
    }

    pub(crate) async fn enqueue_as<J: Job>(&self, cx: &Cx, job: &J) -> Enqueued {
        let enqueue = async |tx: &mut Tx| socle_jobs::enqueue(cx, tx, job).await;
        self.db.run::<_, Fault>(cx, enqueue).await.expect("it is enqueued")
    }

    pub(crate) async fn enqueue_all<J: Job>(&self, cx: &Cx, jobs: &[J]) -> Vec<Enqueued> {
        let enqueue = async |tx: &mut Tx| socle_jobs::enqueue_all(cx, tx, jobs).await;
        self.db.run::<_, Fault>(cx, enqueue).await.expect("they are enqueued")
    }

    pub(crate) async fn pump(&self, works: Vec<Work>) -> u64 {
        self.worker(works).pump(self.now()).await.expect("it is pumped")
    }

    pub(crate) async fn seen(&self, id: JobId) -> Seen {
        self.desk().find(id).await.expect("there is the job")
    }

    pub(crate) async fn until_state(&self, id: JobId, state: &str) {
        until(state, async || Some(self.seen(id).await).filter(|it| it.state == state)).await;
    }

    pub(crate) async fn count(&self, sql: &str) -> i64 {
        self.database.number(&format!("select count(*) from socle_post.{sql}")).await
    }
}

/// A worker at work.
pub(crate) struct Hired {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Hired {
    pub(crate) fn hire(world: &World, works: Vec<Work>) -> Self {
        Self::hire_with(world, works, hasty())
    }

    pub(crate) fn hire_with(world: &World, works: Vec<Work>, settings: Settings) -> Self {
        Self::begin(world.worker(works).with_settings(settings))
    }

    #[expect(clippy::disallowed_methods, reason = "a worker that works beside its test")]
    pub(crate) fn begin(worker: Worker) -> Self {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(worker.work(async {
            let _ = stopped.await;
        }));
        Self { stop, task }
    }

    /// Stops it, and waits until it has ended.
    pub(crate) async fn dismiss(self) {
        let _ = self.stop.send(());
        self.task.await.expect("it ends well");
    }
}

/// Settings of workers that really work, and do not wait long.
pub(crate) fn hasty() -> Settings {
    Settings {
        lease: Duration::from_secs(6),
        cancel_grace: Duration::from_millis(200),
        stop_grace: Duration::from_millis(300),
        ..Settings::default()
    }
}

pub(crate) fn tenant(n: u128) -> TenantId {
    Id::from_uuid(Uuid::from_u128(0x7E7A_0000 + n))
}

/// Asks until there is an answer.
pub(crate) async fn until<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    let began = std::time::Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(began.elapsed() < PATIENCE, "no {what} within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
