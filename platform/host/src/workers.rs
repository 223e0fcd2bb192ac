//! What a process does besides answering: rounds of background work, groups that read events, jobs.

use std::sync::Arc;

use socle_db::Database;
use socle_events::Subscription;
use socle_jobs::{Cron, TenantDirectory, Work};
use socle_kernel::Timestamp;
use socle_telemetry::Metrics;
use tokio::{sync::watch, task::JoinSet};

use crate::{Background, asyncapi::Published, logs};

/// What one module does besides answering.
#[derive(Debug, Default)]
pub(crate) struct Duties {
    pub(crate) background: Vec<Background>,
    pub(crate) subscriptions: Vec<Subscription>,
    pub(crate) works: Vec<Work>,
    pub(crate) crons: Vec<Cron>,
}

/// The workers of all modules, not yet at work.
pub(crate) struct Workers {
    database: Database,
    metrics: Metrics,
    background: Vec<Background>,
    groups: Vec<socle_events::Worker>,
    jobs: Vec<socle_jobs::Worker>,
    /// Modules with a log of events.
    logs: Vec<&'static str>,
    /// Which group reads which types of events.
    heard: Vec<(&'static str, &'static [&'static str])>,
}

/// Workers at work.
pub(crate) struct AtWork {
    background: JoinSet<()>,
    ending: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Workers {
    pub(crate) fn new(database: Database, metrics: Metrics) -> Self {
        let (background, groups, jobs) = (Vec::new(), Vec::new(), Vec::new());
        Self { database, metrics, background, groups, jobs, logs: Vec::new(), heard: Vec::new() }
    }

    /// Takes on what a module does.
    pub(crate) fn add(
        &mut self,
        tables: &socle_db::Module,
        duties: Duties,
        settings: &socle_jobs::Settings,
        tenants: &Arc<dyn TenantDirectory>,
    ) {
        let (database, module) = (&self.database, tables.name);
        self.background.extend(duties.background);
        for it in duties.subscriptions {
            self.heard.push((it.group(), it.types()));
            let (producer, consumer) = (database.module(it.domain()), database.module(module));
            let worker = socle_events::Worker::new(it, producer, consumer);
            self.groups.push(worker.measured(&self.metrics));
        }
        if !duties.works.is_empty() {
            let worker = socle_jobs::Worker::new(database.module(module), duties.works)
                .with_calendar(duties.crons, Arc::clone(tenants))
                .with_settings(settings.clone());
            self.jobs.push(worker.measured(&self.metrics, module));
        }
        if tables.embeds(socle_events::TABLES) {
            self.logs.push(module);
        }
    }

    /// # Panics
    ///
    /// When a group reads what nobody publishes: it would wait for ever.
    pub(crate) fn assert_published(&self, published: &[(&str, Vec<Published>)]) {
        let all: Vec<_> = published.iter().flat_map(|it| &it.1).map(|it| it.event_type).collect();
        for (group, types) in &self.heard {
            for event in *types {
                assert!(all.contains(event), "{group} reads {event}, which no module publishes");
            }
        }
    }

    /// Begins, each by itself, so that none keeps another or a connection waiting.
    pub(crate) fn begin(self) -> AtWork {
        let (mut background, mut ending) = (JoinSet::new(), JoinSet::new());
        let (stop, stopped) = watch::channel(false);
        let keeping = logs::keep(&self.database, &self.logs, &self.metrics);
        for work in self.background.into_iter().chain(keeping) {
            background.spawn(work.work(self.metrics.clone()));
        }
        let carried = self.database;
        background.spawn(async move { carried.carry_bells().await });
        for worker in self.groups {
            ending.spawn(worker.work(now, told(stopped.clone())));
        }
        for worker in self.jobs {
            ending.spawn(worker.work(told(stopped.clone())));
        }
        AtWork { background, ending, stop }
    }
}

impl AtWork {
    /// Lets what runs end, within the time that each worker takes for it.
    pub(crate) async fn end(mut self) {
        // Nobody listens where there are no workers.
        let _ = self.stop.send(true);
        self.background.shutdown().await;
        while self.ending.join_next().await.is_some() {}
    }
}

async fn told(mut stopped: watch::Receiver<bool>) {
    // A sender that is gone has stopped as well.
    let _ = stopped.wait_for(|it| *it).await;
}

#[expect(clippy::disallowed_methods, reason = "the edge is where handlers get their time")]
fn now() -> Timestamp {
    Timestamp::now()
}
