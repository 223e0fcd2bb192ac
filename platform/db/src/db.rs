//! One module's door to the database: transactions, and reads that need none.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use socle_kernel::{Cx, Fault};
use sqlx::{AssertSqlSafe, PgPool};

use crate::{
    Bell, Reader, Schema, SystemTx, Tx, bell::Bells, failure::doing, trips::Trips, tx::Open,
};

/// How often the same work is tried when other transactions are in its way.
///
/// Deadlocks between two well-ordered transactions clear at the first repetition; five cover the
/// unlikely queue behind them without hiding a design that collides always.
const TRIES: u32 = 5;

/// From which transaction on kept plans are forgotten now and then.
const PLANS_FORGOTTEN_FROM: u64 = 8;

/// One module's door to the database.
#[derive(Debug, Clone)]
pub struct Db {
    pool: PgPool,
    /// Sessions that have taken the module's role for good.
    readers: PgPool,
    schema: Schema,
    begun: Arc<AtomicU64>,
    trips: Trips,
    bells: Bells,
}

impl Db {
    pub(crate) fn new(
        (pool, readers): (PgPool, PgPool),
        schema: Schema,
        trips: Trips,
        bells: Bells,
    ) -> Self {
        Self { pool, readers, schema, begun: Arc::default(), trips, bells }
    }

    /// The module's schema, for the tables that a platform crate keeps there.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Hears of commits whose work rang this bell of the module's schema.
    #[must_use]
    pub fn bell(&self, name: &'static str) -> Bell {
        self.bells.hear(self.schema.name(), name)
    }

    /// Runs `work` in one transaction: commits what succeeds, rolls back what fails.
    ///
    /// Work that gave way to another transaction (SQLSTATE 40001, 40P01) is run again, so it may
    /// run more than once; only its last run leaves a trace.
    pub async fn run<T, E: From<Fault>>(
        &self,
        cx: &Cx,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, E> + Clone,
    ) -> Result<T, E> {
        for tries in 1.. {
            let mut tx = self.begin(cx).await?;
            let done = work.clone()(&mut tx).await;
            match tx.0.end(done).await {
                Ok(done) => return Ok(done),
                Err(it) if it.gave_way && tries < TRIES => {}
                Err(it) => return Err(it.error),
            }
        }
        unreachable!("the last try returns")
    }

    /// Like [`run`](Self::run), over all tenants.
    pub async fn run_system<T, E: From<Fault>>(
        &self,
        work: impl AsyncFnOnce(&mut SystemTx) -> Result<T, E> + Clone,
    ) -> Result<T, E> {
        for tries in 1.. {
            let mut tx = self.begin_system("begin").await?;
            let done = work.clone()(&mut tx).await;
            match tx.0.end(done).await {
                Ok(done) => return Ok(done),
                Err(it) if it.gave_way && tries < TRIES => {}
                Err(it) => return Err(it.error),
            }
        }
        unreachable!("the last try returns")
    }

    /// Looks at all tenants as of one moment, for as long as it takes; changes nothing.
    pub async fn inspect_system<T, E: From<Fault>>(
        &self,
        work: impl AsyncFnOnce(&mut SystemTx) -> Result<T, E>,
    ) -> Result<T, E> {
        let begin = "begin isolation level repeatable read read only;
             set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;
             set local enable_seqscan = on";
        let mut tx = self.begin_system(begin).await?;
        let done = work(&mut tx).await;
        tx.0.end(done).await.map_err(|it| it.error)
    }

    /// Reads without a transaction: each statement is one round trip and sees its own moment.
    #[must_use]
    pub fn read(&self, cx: &Cx) -> Reader<'_> {
        Reader::new((&self.readers, &self.trips), &self.schema, cx.tenant)
    }

    /// Begins, takes the role, names the tenant and sets the deadline, in one round trip.
    async fn begin(&self, cx: &Cx) -> Result<Tx, Fault> {
        let (schema, tenant) = (&self.schema, cx.tenant.uuid());
        let deadline = cx.patience().map_or_else(String::new, |left| {
            format!("; set local statement_timeout = {}", left.as_millis().max(1))
        });
        let begin = format!(
            "begin; set local role {schema};
             select set_config('socle.tenant', '{tenant}', true){deadline}"
        );
        Ok(Tx(self.open(begin).await?, cx.tenant))
    }

    async fn begin_system(&self, begin: &str) -> Result<SystemTx, Fault> {
        let schema = &self.schema;
        Ok(SystemTx(self.open(format!("{begin}; set local role {schema}_system")).await?))
    }

    /// Plans that were kept while tables were empty are wrong as soon as they are not, and until
    /// PostgreSQL analyzes the tables nothing tells it so. They are forgotten at the 8th, 16th,
    /// 32nd … transaction: as often as the tables may have doubled, and in the same round trip.
    async fn open(&self, begin: String) -> Result<Open, Fault> {
        let count = self.begun.fetch_add(1, Ordering::Relaxed) + 1;
        let is_time = PLANS_FORGOTTEN_FROM <= count && count.is_power_of_two();
        // Last: a transaction says how it is isolated before anything else.
        let begin = if is_time { format!("{begin}; discard plans") } else { begin };
        self.trips.count();
        let inner = self.pool.begin_with(AssertSqlSafe(begin)).await;
        Ok(Open::new(
            inner.map_err(doing("begin a transaction"))?,
            self.schema.clone(),
            self.trips.clone(),
            self.bells.clone(),
        ))
    }
}
