//! The worker of one module: takes what is due, does it, and writes down what came of it.

mod attempt;
mod chores;
mod finish;
mod lane;
mod plant;
mod round;
mod shift;
mod slots;

use std::{future::Future, sync::Arc, time::Duration};

use jiff::tz::TimeZone;
use socle_db::Db;
use socle_kernel::{Fault, Timestamp};
use socle_telemetry::Metrics;

use crate::{
    Cron, TenantDirectory, Work,
    cron::{Calendar, Nobody},
};
pub(crate) use plant::Plant;
use shift::Shift;

pub use slots::Slots;

/// How a worker works.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How many jobs of each queue run at once; clones of one share them, whichever module they
    /// serve.
    pub slots: Slots,
    /// How often a worker looks for jobs that nobody has told it of.
    pub look: Duration,
    /// How long a worker that is not heard of keeps its jobs.
    pub lease: Duration,
    /// How long a job may go on that has been asked to end.
    pub cancel_grace: Duration,
    /// How long a process that stops waits for what runs.
    pub stop_grace: Duration,
    /// How long what has ended can be found.
    pub keep: Duration,
    /// The zone of what is done for no tenant in particular.
    pub zone: TimeZone,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            slots: Slots::default(),
            look: Duration::from_millis(200),
            lease: Duration::from_secs(30),
            cancel_grace: Duration::from_secs(10),
            stop_grace: Duration::from_secs(20),
            keep: Duration::from_hours(24),
            zone: TimeZone::UTC,
        }
    }
}

/// Does the jobs of one module.
#[derive(Debug)]
pub struct Worker {
    db: Db,
    works: Vec<Work>,
    crons: Vec<Cron>,
    directory: Arc<dyn TenantDirectory>,
    settings: Settings,
    metrics: Option<(Metrics, &'static str)>,
}

impl Worker {
    /// Does these kinds of jobs of the module whose door this is.
    ///
    /// # Panics
    ///
    /// When two works are of one kind.
    #[must_use]
    pub fn new(db: Db, works: Vec<Work>) -> Self {
        for (at, it) in works.iter().enumerate() {
            let is_double = works[..at].iter().any(|other| other.kind == it.kind);
            assert!(!is_double, "two works do {}", it.kind);
        }
        let directory = Arc::new(Nobody);
        let settings = Settings::default();
        Self { db, works, crons: Vec::new(), directory, settings, metrics: None }
    }

    /// Enqueues what the calendar asks for, too; `directory` knows the tenants and their zones.
    #[must_use]
    pub fn with_calendar(self, crons: Vec<Cron>, directory: Arc<dyn TenantDirectory>) -> Self {
        Self { crons, directory, ..self }
    }

    #[must_use]
    pub fn with_settings(self, settings: Settings) -> Self {
        Self { settings, ..self }
    }

    /// Tells `metrics` of what it does, under the name of the module.
    #[must_use]
    pub fn measured(self, metrics: &Metrics, module: &'static str) -> Self {
        Self { metrics: Some((metrics.clone(), module)), ..self }
    }

    /// Works until `stop` is done; then finishes what runs, for a while, and hands back the rest.
    pub async fn work(self, stop: impl Future<Output = ()> + Send) {
        let calendar = Calendar::new(self.crons, self.directory, self.settings.zone.clone());
        let plant = Plant::new(self.db, self.works, self.settings, self.metrics);
        let plant = Arc::new(plant);
        let mut chores = chores::begin(&plant, calendar);
        let (shift, finishing) = Shift::begin(&plant);
        shift.serve(stop).await;
        // What the shift has told of is written down before the lease ends.
        if finishing.await.is_err() {
            tracing::error!("the end of some jobs was not written down");
        }
        chores.shutdown().await;
        plant.leave().await;
    }

    /// Does everything that is due at `now`, the calendar's entries and the jobs that they and
    /// others enqueue meanwhile included, and forgets what ended long ago; returns how many
    /// attempts there were.
    pub async fn pump(&self, now: Timestamp) -> Result<u64, Fault> {
        let (crons, directory) = (self.crons.clone(), Arc::clone(&self.directory));
        let calendar = Calendar::new(crons, directory, self.settings.zone.clone());
        let (settings, metrics) = (self.settings.clone(), self.metrics.clone());
        let plant = Plant::new(self.db.clone(), self.works.clone(), settings, metrics);
        let plant = Arc::new(plant);
        plant.rescue(now).await?;
        chores::forget_before(&plant, now).await?;
        calendar.keep(&plant.db, now).await?;
        calendar.turn(&plant, now).await?;
        let done = shift::pump(&plant, now).await;
        plant.leave().await;
        done
    }
}
