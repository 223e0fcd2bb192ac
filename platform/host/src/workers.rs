//! What a process does besides answering: rounds of background work, groups that read events, jobs.

use std::sync::Arc;

use socle_db::Database;
use socle_events::Subscription;
use socle_jobs::{Cron, TenantDirectory, Work};
use socle_kernel::Timestamp;
use socle_telemetry::Metrics;
use tokio::{sync::watch, task::JoinSet};

use crate::{Background, asyncapi::Published};

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
    background: Vec<Background>,
    groups: Vec<socle_events::Worker>,
    jobs: Vec<socle_jobs::Worker>,
    metrics: Metrics,
}

/// Workers at work.
pub(crate) struct AtWork {
    background: JoinSet<()>,
    ending: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Workers {
    pub(crate) fn new(metrics: Metrics) -> Self {
        Self { background: Vec::new(), groups: Vec::new(), jobs: Vec::new(), metrics }
    }

    /// Takes on what `module` does.
    pub(crate) fn add(
        &mut self,
        (module, duties): (&'static str, Duties),
        database: &Database,
        settings: &socle_jobs::Settings,
        tenants: &Arc<dyn TenantDirectory>,
    ) {
        self.background.extend(duties.background);
        for it in duties.subscriptions {
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
    }

    /// Begins, each by itself, so that none keeps another or a connection waiting.
    pub(crate) fn begin(self, database: &Database) -> AtWork {
        let (mut background, mut ending) = (JoinSet::new(), JoinSet::new());
        let (stop, stopped) = watch::channel(false);
        for work in self.background {
            background.spawn(work.work(self.metrics.clone()));
        }
        let carried = database.clone();
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

/// # Panics
///
/// When a module reads what nobody publishes: it would wait for ever.
pub(crate) fn assert_published(duties: &Duties, published: &[(&str, Vec<Published>)]) {
    let is_published =
        |it: &str| published.iter().flat_map(|it| &it.1).any(|of| of.event_type == it);
    for it in &duties.subscriptions {
        for event in it.types() {
            let group = it.group();
            assert!(is_published(event), "{group} reads {event}, which no module publishes");
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the edge is where handlers get their time")]
fn now() -> Timestamp {
    Timestamp::now()
}
