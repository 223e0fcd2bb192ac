//! Transactions, as `store` and platform code see them.

use socle_kernel::{Fault, TenantId};
use sqlx::{AssertSqlSafe, Postgres, Transaction};

use crate::{
    Schema, Statement,
    bell::Bells,
    failure::doing,
    statement::{Health, Target},
    trips::Trips,
};

/// A transaction of one module for one tenant; `$1` of every statement is that tenant.
#[derive(Debug)]
pub struct Tx(pub(crate) Open, pub(crate) TenantId);

/// A transaction over all tenants of one module, for platform crates only (`archtest`).
///
/// Its role has no more rights than the module's migrations granted it.
#[derive(Debug)]
pub struct SystemTx(pub(crate) Open);

/// What both kinds are made of.
#[derive(Debug)]
pub(crate) struct Open {
    inner: Transaction<'static, Postgres>,
    schema: Schema,
    health: Health,
    trips: Trips,
    bells: Bells,
    /// Rung after the commit.
    rings: Vec<&'static str>,
}

/// A statement failed and the work answered as if it had not.
#[derive(Debug, thiserror::Error)]
#[error("a statement of the transaction failed, so nothing of it can be kept")]
struct Hidden;

impl Tx {
    /// A statement of a module: a named constant whose `$1` is the tenant.
    pub fn sql(&mut self, sql: &'static str) -> Statement<'_> {
        Statement::new(sql, self.0.target()).bind(self.1)
    }

    /// A statement of a platform crate on its tables in the module's schema; `$1` is the tenant.
    pub fn template(&mut self, template: &'static str) -> Statement<'_> {
        let sql = AssertSqlSafe(self.0.schema.fill(template));
        Statement::new(sql, self.0.target()).bind(self.1)
    }

    /// The tenant that this transaction sees.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.1
    }

    /// The module's schema.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.0.schema
    }
}

impl SystemTx {
    /// A statement of a platform crate; `$1` is null, which stands for every tenant.
    ///
    /// Its text is not the one that a [`Tx`] runs: one text in two roles is planned anew at each
    /// change of role.
    pub fn template(&mut self, template: &'static str) -> Statement<'_> {
        let sql = AssertSqlSafe(self.0.schema.fill_for_all(template));
        Statement::new(sql, self.0.target()).bind(None::<TenantId>)
    }

    /// The module's schema.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.0.schema
    }
}

impl Open {
    pub(crate) fn new(
        inner: Transaction<'static, Postgres>,
        schema: Schema,
        trips: Trips,
        bells: Bells,
    ) -> Self {
        Self { inner, schema, health: Health::Whole, trips, bells, rings: Vec::new() }
    }

    fn target(&mut self) -> Target<'_> {
        let Self { inner, health, trips, rings, .. } = self;
        Target::Tx { inner, health, trips, rings }
    }

    /// Ends the transaction as `done` says: commits what succeeded, rolls back what failed.
    pub(crate) async fn end<T, E: From<Fault>>(self, done: Result<T, E>) -> Result<T, Failure<E>> {
        let gave_way = self.health == Health::GaveWay;
        let done = done.map_err(|error| Failure { error, gave_way })?;
        if self.health != Health::Whole {
            let error = Fault::internal("commit the transaction", Hidden).into();
            return Err(Failure { error, gave_way });
        }
        self.trips.count();
        match self.inner.commit().await.map_err(doing("commit the transaction")) {
            Ok(()) => {
                self.rings.iter().for_each(|it| self.bells.ring(self.schema.name(), it));
                Ok(done)
            }
            Err(fault) => Err(Failure { gave_way: fault.is_collision(), error: fault.into() }),
        }
    }
}

/// How a transaction failed.
pub(crate) struct Failure<E> {
    pub(crate) error: E,
    /// Another transaction was in the way: the same work may succeed when it is run again.
    pub(crate) gave_way: bool,
}
