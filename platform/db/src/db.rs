//! One module's door to the database: transactions, and reads that need none.

use socle_kernel::{Cx, Fault};
use sqlx::{AssertSqlSafe, PgPool};

use crate::{Reader, Schema, SystemTx, Tx, failure::doing, tx::Open};

/// How often the same work is tried when other transactions are in its way.
///
/// Deadlocks between two well-ordered transactions clear at the first repetition; five cover the
/// unlikely queue behind them without hiding a design that collides always.
const TRIES: u32 = 5;

/// One module's door to the database.
#[derive(Debug, Clone)]
pub struct Db {
    pool: PgPool,
    /// Sessions that have taken the module's role for good.
    readers: PgPool,
    schema: Schema,
}

impl Db {
    pub(crate) fn new(pool: PgPool, readers: PgPool, schema: Schema) -> Self {
        Self { pool, readers, schema }
    }

    /// The module's schema, for the tables that a platform crate keeps there.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
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
        Reader::new(&self.readers, &self.schema, cx.tenant)
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

    async fn open(&self, begin: String) -> Result<Open, Fault> {
        let inner = self.pool.begin_with(AssertSqlSafe(begin)).await;
        Ok(Open::new(inner.map_err(doing("begin a transaction"))?, self.schema.clone()))
    }
}
