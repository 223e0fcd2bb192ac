//! What a module brings, and what it is given.

use std::time::Duration;

use futures_util::future::BoxFuture;
use socle_db::{Database, Db};
use socle_kernel::{Event, Fault, Timestamp};
use socle_telemetry::Metrics;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{Background, asyncapi::Published};

/// What modules are built from.
#[derive(Debug, Clone)]
pub struct Deps {
    database: Database,
    metrics: Metrics,
}

/// One module: its tables, and a part for each way in.
pub struct Module {
    pub(crate) tables: socle_db::Module,
    pub(crate) routes: OpenApiRouter,
    pub(crate) published: Vec<Published>,
    pub(crate) background: Vec<Background>,
}

impl Deps {
    #[must_use]
    pub fn new(database: Database, metrics: Metrics) -> Self {
        Self { database, metrics }
    }

    /// Where modules count what they do.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The door to the schema of `module`.
    #[must_use]
    pub fn db(&self, module: &str) -> Db {
        self.database.module(module)
    }
}

impl Module {
    /// A module that has tables and nothing else.
    #[must_use]
    pub fn new(tables: socle_db::Module) -> Self {
        let (routes, published, background) = (OpenApiRouter::new(), Vec::new(), Vec::new());
        Self { tables, routes, published, background }
    }

    /// Its REST routes, each with its description.
    #[must_use]
    pub fn routes(self, routes: OpenApiRouter) -> Self {
        Self { routes, ..self }
    }

    /// An event of its domain that it publishes, with its description.
    #[must_use]
    pub fn publishes<E: Event + ToSchema>(mut self) -> Self {
        self.published.push(Published::of::<E>());
        self
    }

    /// Work that is done again and again while the process serves; a round is told the time, and
    /// must bear repetition.
    #[must_use]
    pub fn background(
        mut self,
        name: &'static str,
        every: Duration,
        round: impl Fn(Timestamp) -> BoxFuture<'static, Result<(), Fault>> + Send + Sync + 'static,
    ) -> Self {
        self.background.push(Background::new(name, every, round));
        self
    }
}
