//! A worker: reads the log of a producer for one group and hands it to the handler.
//!
//! What it has in memory can be lost at any moment: a mark says what took effect, the position in
//! the log only where to begin to look.

mod lease;
mod part;
mod retries;

use std::{future::Future, time::Duration};

use socle_db::{Db, SystemTx, failpoint};
use socle_kernel::{Fault, TenantId, Timestamp};
use socle_telemetry::Metrics;
use tokio::{
    select,
    time::{self, Instant},
};

use crate::{
    Envelope, Subscription, dead_letters,
    sql::{
        BELL,
        groups::{self, Holding},
        window::{self, Wanted},
    },
    watch::Watch,
};
use lease::Lease;
use part::{Desk, Outages};

/// How long a worker waits for a bell before it looks by itself.
const POLL: Duration = Duration::from_millis(200);

/// How often a busy worker writes down how far it has come.
const SAVING: Duration = Duration::from_millis(200);

/// How often it looks for deliveries to try again.
const RETRYING: Duration = Duration::from_secs(1);

/// The first and the longest pause while the database is away; between them it doubles.
const PAUSE_MIN: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Works for one group until it is stopped. Several, in one process or many, share its partitions.
#[derive(Debug)]
pub struct Worker {
    desk: Desk,
    producer: Db,
    types: Vec<String>,
    lease: Lease,
    holdings: Vec<Holding>,
    /// Events that were dealt with since the positions were written down.
    unsaved: u64,
    saved: Instant,
    retried: Option<Instant>,
}

impl Worker {
    /// For a group of the module behind `consumer`, on the events of the module behind `producer`.
    #[must_use]
    pub fn new(subscription: Subscription, producer: Db, consumer: Db) -> Self {
        let (lease, types) = (Lease::of(&subscription), subscription.types_owned());
        let (watch, outages) = (Watch::default(), Outages::default());
        let desk = Desk { subscription, consumer, watch, outages };
        let (holdings, saved) = (Vec::new(), Instant::now());
        Self { desk, producer, types, lease, holdings, unsaved: 0, saved, retried: None }
    }

    /// The same, and tells `metrics` what becomes of events.
    #[must_use]
    pub fn measured(mut self, metrics: &Metrics) -> Self {
        self.desk.watch = Watch::of(metrics, self.desk.subscription.group);
        self
    }

    /// Works until `stop`, then lets its partitions go; `clock` is what handlers are told.
    pub async fn work(
        mut self,
        clock: impl Fn() -> Timestamp + Send + Sync,
        stop: impl Future<Output = ()> + Send,
    ) {
        select! {
            () = stop => {}
            () = self.serve(&clock) => {}
        }
        // What was under way is rolled back, and done by whoever comes next.
        if let Err(fault) = self.leave().await {
            told(&fault, self.group(), "leases were not released");
        }
    }

    /// Handles everything that there is at this moment, and what is due again; returns how many
    /// events were dealt with. For tests, and for commands that do something once.
    pub async fn pump(&mut self, now: Timestamp) -> Result<u64, Fault> {
        let mut dealt_with = 0;
        self.lease.is_asked_for = true;
        loop {
            self.retried = None;
            let round = self.round(now).await?;
            dealt_with += round.dealt_with;
            if !round.is_busy {
                self.save().await?;
                return Ok(dealt_with);
            }
        }
    }

    /// Writes down how far it has come, and lets its partitions go.
    pub async fn leave(&mut self) -> Result<(), Fault> {
        self.save().await?;
        self.holdings.clear();
        let member = self.lease.member();
        self.producer.run_system(async |tx: &mut SystemTx| groups::release(tx, member).await).await
    }

    async fn serve(&mut self, clock: &(impl Fn() -> Timestamp + Sync)) {
        let mut bell = self.producer.bell(BELL);
        let mut decisions = self.desk.consumer.bell(dead_letters::BELL);
        let mut pause = PAUSE_MIN;
        loop {
            match self.round(clock()).await {
                Ok(Round { is_busy: true, .. }) => pause = PAUSE_MIN,
                Ok(_) => {
                    pause = PAUSE_MIN;
                    select! {
                        () = bell.rung() => {}
                        () = decisions.rung() => self.retried = None,
                        () = time::sleep(POLL) => {}
                    }
                }
                Err(fault) => {
                    told(&fault, self.group(), "a group pauses");
                    time::sleep(pause).await;
                    pause = (pause * 2).min(PAUSE_MAX);
                }
            }
        }
    }

    /// Looks once: at its leases, at what is due again, at each of its partitions.
    async fn round(&mut self, now: Timestamp) -> Result<Round, Fault> {
        self.keep_leases(now).await?;
        let mut round = Round::default();
        if !self.holdings.is_empty() && self.retried.is_none_or(|it| RETRYING <= it.elapsed()) {
            let tried = self.retry(now).await?;
            round.add(tried, tried != 0);
            self.retried = (tried == 0).then(Instant::now);
        }
        for at in 0..self.holdings.len() {
            let (dealt_with, is_last) = self.page(at, now).await?;
            round.add(dealt_with, !is_last);
        }
        self.unsaved += round.dealt_with;
        if 0 < self.unsaved && SAVING <= self.saved.elapsed() {
            self.save().await?;
        }
        Ok(round)
    }

    /// Reads the next part of a window and has it handled.
    async fn page(&mut self, at: usize, now: Timestamp) -> Result<(u64, bool), Fault> {
        let Some(holding) = self.holdings.get(at) else { return Ok((0, true)) };
        let wanted = || Wanted {
            types: Some(&self.types),
            partition: holding.partition,
            partitions: holding.partitions,
            limit: i64::from(self.desk.subscription.batch),
        };
        let position = holding.position.clone();
        let read = async |tx: &mut SystemTx| window::page(tx, &position, wanted()).await;
        let page = self.producer.run_system(read).await?;
        let dealt_with = page.events.len() as u64;
        for part in by_tenant(page.events) {
            self.lease.assert_held()?;
            self.desk.handle(part, now).await?;
        }
        failpoint("events.page-handled");
        self.holdings[at].position = page.after;
        self.desk.outages.forget();
        Ok((dealt_with, page.is_last))
    }

    /// Writes down how far each partition has come; those that others have taken over are let go.
    async fn save(&mut self) -> Result<(), Fault> {
        let (member, holdings) = (self.lease.member(), &self.holdings);
        let save = async |tx: &mut SystemTx| -> Result<Vec<bool>, Fault> {
            let mut held = Vec::with_capacity(holdings.len());
            for it in holdings {
                held.push(groups::save(tx, member, it).await?);
            }
            Ok(held)
        };
        let mut held = self.producer.run_system(save).await?.into_iter();
        self.holdings.retain(|_| held.next().unwrap_or(false));
        failpoint("events.position-saved");
        self.unsaved = 0;
        self.saved = Instant::now();
        Ok(())
    }

    fn group(&self) -> &'static str {
        self.desk.subscription.group
    }
}

fn told(fault: &Fault, group: &'static str, what: &'static str) {
    tracing::warn!(error = fault as &dyn std::error::Error, group, "{what}");
}

/// What a look came to.
#[derive(Debug, Default)]
struct Round {
    dealt_with: u64,
    /// Whether there is more at this moment.
    is_busy: bool,
}

impl Round {
    fn add(&mut self, dealt_with: u64, is_busy: bool) {
        self.dealt_with += dealt_with;
        self.is_busy |= is_busy;
    }
}

/// The events of each tenant, in the order in which they stand.
fn by_tenant(events: Vec<Envelope>) -> Vec<Vec<Envelope>> {
    let mut parts: Vec<Vec<Envelope>> = Vec::new();
    let mut places: std::collections::HashMap<TenantId, usize> = std::collections::HashMap::new();
    for it in events {
        let place = *places.entry(it.tenant_id).or_insert(parts.len());
        match parts.get_mut(place) {
            Some(part) => part.push(it),
            None => parts.push(vec![it]),
        }
    }
    parts
}
