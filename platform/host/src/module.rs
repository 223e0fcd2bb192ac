//! What a module brings, and what it is given.

use std::time::Duration;

use futures_util::future::BoxFuture;
use socle_db::{Database, Db};
use socle_events::Subscription;
use socle_jobs::{Cron, Work};
use socle_kernel::{Event, Fault, Timestamp};
use socle_telemetry::Metrics;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{Background, asyncapi::Published, workers::Duties};

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
    pub(crate) duties: Duties,
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
        let (routes, duties) = (OpenApiRouter::new(), Duties::default());
        Self { tables, routes, published: Vec::new(), duties }
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

    /// What it does with the events of another module.
    #[must_use]
    pub fn subscribes(mut self, subscription: Subscription) -> Self {
        self.duties.subscriptions.push(subscription);
        self
    }

    /// A kind of job that it does.
    #[must_use]
    pub fn works(mut self, work: Work) -> Self {
        self.duties.works.push(work);
        self
    }

    /// A job that it enqueues at times of the calendar.
    #[must_use]
    pub fn cron(mut self, cron: Cron) -> Self {
        self.duties.crons.push(cron);
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
        self.duties.background.push(Background::new(name, every, round));
        self
    }
}
