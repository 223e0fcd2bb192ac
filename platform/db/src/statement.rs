//! One statement, from its text to its outcome.

use socle_kernel::Fault;
use sqlx::{
    Encode, FromRow, PgPool, Postgres, SqlSafeStr, Transaction, Type,
    postgres::{PgArguments, PgRow},
    query::Query,
};

use crate::{
    failure::{doing, is_collision},
    trips::Trips,
};

/// A statement being prepared; the verb given to its last method completes "could not …".
#[must_use = "a statement does nothing until it is run"]
pub struct Statement<'t> {
    query: Query<'t, Postgres, PgArguments>,
    target: Target<'t>,
}

/// Where a statement runs.
pub(crate) enum Target<'t> {
    /// In a transaction, which is told when a statement failed and what to ring in the end.
    Tx {
        inner: &'t mut Transaction<'static, Postgres>,
        health: &'t mut Health,
        trips: &'t Trips,
        rings: &'t mut Vec<&'static str>,
    },
    /// On its own, on any connection of this pool.
    Pool(&'t PgPool, &'t Trips),
}

/// Whether a statement failed: PostgreSQL then rolls back, whatever the work answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Health {
    Whole,
    Failed,
    /// It failed because another transaction was in the way.
    GaveWay,
}

impl<'t> Statement<'t> {
    pub(crate) fn new(sql: impl SqlSafeStr, target: Target<'t>) -> Self {
        Self { query: sqlx::query(sql), target }
    }

    /// Binds the next parameter.
    pub fn bind<V: Encode<'t, Postgres> + Type<Postgres> + 't>(mut self, value: V) -> Self {
        self.query = self.query.bind(value);
        self
    }

    /// Rings this bell of the schema once the transaction has committed; see [`Db::bell`].
    ///
    /// [`Db::bell`]: crate::Db::bell
    pub fn ringing(mut self, bell: &'static str) -> Self {
        if let Target::Tx { rings, .. } = &mut self.target
            && !rings.contains(&bell)
        {
            rings.push(bell);
        }
        self
    }

    /// Runs it; returns how many rows it touched.
    pub async fn run(self, verb: &'static str) -> Result<u64, Fault> {
        self.execute().await.map_err(doing(verb))
    }

    /// Runs it; a broken constraint that `refusal` knows by name is the caller's error.
    pub async fn run_or<E: From<Fault>>(
        self,
        verb: &'static str,
        refusal: impl FnOnce(&str) -> Option<E> + Send,
    ) -> Result<u64, E> {
        let error = match self.execute().await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        let constraint = error.as_database_error().and_then(|it| it.constraint());
        Err(constraint.and_then(refusal).unwrap_or_else(|| doing(verb)(error).into()))
    }

    /// The rows, all of them: bound the query with `limit`.
    pub async fn all<R: for<'r> FromRow<'r, PgRow>>(
        self,
        verb: &'static str,
    ) -> Result<Vec<R>, Fault> {
        let rows = self.fetch().await.map_err(doing(verb))?;
        rows.iter().map(R::from_row).collect::<Result<_, _>>().map_err(doing(verb))
    }

    /// The first row, if there is one.
    pub async fn maybe<R: for<'r> FromRow<'r, PgRow>>(
        self,
        verb: &'static str,
    ) -> Result<Option<R>, Fault> {
        Ok(self.all(verb).await?.into_iter().next())
    }

    /// The row that there always is, as of an aggregate.
    pub async fn one<R: for<'r> FromRow<'r, PgRow>>(self, verb: &'static str) -> Result<R, Fault> {
        self.maybe(verb).await?.ok_or_else(|| doing(verb)(sqlx::Error::RowNotFound))
    }

    async fn execute(self) -> Result<u64, sqlx::Error> {
        let done = match self.target {
            Target::Pool(pool, trips) => {
                trips.count();
                self.query.execute(pool).await
            }
            Target::Tx { inner, health, trips, .. } => {
                trips.count();
                let done = self.query.execute(&mut **inner).await;
                done.inspect_err(|error| *health = health_after(error))
            }
        };
        done.map(|it| it.rows_affected())
    }

    async fn fetch(self) -> Result<Vec<PgRow>, sqlx::Error> {
        match self.target {
            Target::Pool(pool, trips) => {
                trips.count();
                self.query.fetch_all(pool).await
            }
            Target::Tx { inner, health, trips, .. } => {
                trips.count();
                let rows = self.query.fetch_all(&mut **inner).await;
                rows.inspect_err(|error| *health = health_after(error))
            }
        }
    }
}

fn health_after(error: &sqlx::Error) -> Health {
    if is_collision(error) { Health::GaveWay } else { Health::Failed }
}
