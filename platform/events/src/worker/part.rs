//! One tenant's part of a page: together in one transaction; when that fails, one by one.

use std::{
    collections::{HashMap, HashSet},
    error::Error,
    future::Future,
    iter,
    panic::AssertUnwindSafe,
};

use futures_util::FutureExt;
use socle_db::{Db, Tx, failpoint};
use socle_kernel::{Actor, Cx, Fault, Kind, TenantId, Timestamp};
use socle_telemetry::{PanicPlace, scrub};
use tokio::time::{self, Instant};
use tracing::{Instrument, Span};

use crate::{
    Envelope, EventId, Subscription,
    sql::{
        deliveries::{self, Parking},
        inbox,
    },
    subscription::Undecodable,
    watch::{Handled, Watch},
};

/// How often an event may meet a database that is away before it is to blame: with the pauses in
/// between for half a minute.
const OUTAGES_MAX: u32 = 10;

/// The most characters of an error that are kept.
const ERROR_MAX: usize = 2_000;

/// Where events are handled.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) subscription: Subscription,
    pub(super) consumer: Db,
    pub(super) watch: Watch,
    pub(super) outages: Outages,
}

/// How often each event of a page met a database that was away.
///
/// A database that is away is nobody's fault. But one that answers everybody else, and is too slow
/// or too busy for one event time and again, is that event's: it must not hold up its group.
#[derive(Debug, Default)]
pub(super) struct Outages(HashMap<EventId, u32>);

#[derive(Debug, thiserror::Error)]
#[error("the handler has not ended in time")]
struct TimedOut;

#[derive(Debug, thiserror::Error)]
#[error("the handler panicked")]
struct Panicked;

impl Desk {
    /// Has the events of one tenant handled; an error is the database's, not theirs.
    pub(super) async fn handle(
        &mut self,
        part: Vec<Envelope>,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let fault = match self.attempt(&part, now).await {
            Err(fault) if self.outages.are_of(&part, &fault) => fault,
            done => return done,
        };
        if let [alone] = &part[..] {
            return self.keep_back(alone, &fault, now).await;
        }
        for it in part {
            match self.attempt(std::slice::from_ref(&it), now).await {
                Err(fault) if self.outages.are_of(std::slice::from_ref(&it), &fault) => {
                    self.keep_back(&it, &fault, now).await?;
                }
                done => done?,
            }
        }
        Ok(())
    }

    /// Handles events in one transaction, with the marks that say so.
    async fn attempt(&self, events: &[Envelope], now: Timestamp) -> Result<(), Fault> {
        let began = Instant::now();
        let cx = self.cx_of(events, now);
        let (group, handler) = (self.subscription.group, &self.subscription.handle);
        let work = self.consumer.run(&cx, async |tx: &mut Tx| {
            let (parked, fresh) = mark(tx, group, events).await?;
            if !parked.is_empty() {
                let how = Parking { group, state: "waiting", tries: 0, next_at: now, error: None };
                deliveries::park(tx, how, &parked).await?;
            }
            let repeated = events.len() - parked.len() - fresh.len();
            let outcome = Handled { fresh: fresh.len(), repeated };
            if !fresh.is_empty() {
                handler(&cx, tx, fresh).await?;
            }
            failpoint("events.handled");
            Ok::<_, Fault>(outcome)
        });
        let done = self.guarded(work).instrument(self.span_of(events)).await?;
        failpoint("events.committed");
        self.watch.handled(done, began.elapsed());
        Ok(())
    }

    /// Keeps an event back that failed alone; those of its key will line up behind it.
    async fn keep_back(&self, it: &Envelope, why: &Fault, now: Timestamp) -> Result<(), Fault> {
        let error = told(why);
        let next_at = self.next_at(it, (1, why), now);
        let state = if next_at.is_some() { "retrying" } else { "dead" };
        let how = || Parking {
            group: self.subscription.group,
            state,
            tries: 1,
            next_at: next_at.unwrap_or(now),
            error: Some(&error),
        };
        let cx = self.cx_of(std::slice::from_ref(it), now);
        let park = async |tx: &mut Tx| -> Result<bool, Fault> {
            let marks = inbox::mark(tx, how().group, std::slice::from_ref(it)).await?;
            if !marks.is_empty() {
                deliveries::park(tx, how(), std::slice::from_ref(it)).await?;
            }
            Ok(!marks.is_empty())
        };
        let is_parked = self.consumer.run(&cx, park).await?;
        failpoint("events.parked");
        if is_parked {
            self.tell(it, why, next_at.is_none());
        }
        Ok(())
    }

    /// When it is tried again after this many tries; never, when that was the last one.
    pub(super) fn next_at(
        &self,
        it: &Envelope,
        (tries, why): (u32, &Fault),
        now: Timestamp,
    ) -> Option<Timestamp> {
        if why.cause::<Undecodable>().is_some() {
            return None;
        }
        // The last bits of an identifier are drawn by chance, and the same at each look.
        let drawn = it.id.uuid().as_u128() >> (tries % 16) & 0xFFFF_FFFF;
        let chance = f64::from(u32::try_from(drawn).unwrap_or(0)) / f64::from(u32::MAX);
        self.subscription.retry.pause_after(tries, chance).map(|it| now.after(it))
    }

    pub(super) fn tell(&self, it: &Envelope, why: &Fault, is_dead: bool) {
        let (error, group) = (why as &dyn Error, self.subscription.group);
        let event = it.id.to_string();
        if is_dead {
            tracing::error!(error, group, event, "an event is a dead letter");
        } else {
            tracing::warn!(error, group, event, "an event is tried again later");
        }
        self.watch.failed(is_dead);
    }

    /// For what is done because of the first of these events, which are of one tenant.
    pub(super) fn cx_of(&self, events: &[Envelope], now: Timestamp) -> Cx {
        let first = events.first();
        let tenant = first.map_or(TenantId::from_uuid(uuid::Uuid::nil()), |it| it.tenant_id);
        let cx = Cx::new(tenant, Actor::System(self.subscription.group), now);
        first.map_or_else(|| cx.clone(), |it| it.cause(&cx))
    }

    pub(super) fn span_of(&self, events: &[Envelope]) -> Span {
        let (group, events_count) = (self.subscription.group, events.len());
        let span = tracing::info_span!("handle events", group, events = events_count);
        if let Some(traceparent) = events.iter().find_map(|it| it.traceparent.as_deref()) {
            socle_telemetry::resume_trace(&span, traceparent);
        }
        span
    }

    /// Ends work that takes too long or panics; its transaction is dropped with it.
    pub(super) async fn guarded<T>(
        &self,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        const DOING: &str = "handle the event";
        let limited = time::timeout(self.subscription.timeout, work);
        match AssertUnwindSafe(limited).catch_unwind().await {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err(Fault::internal(DOING, TimedOut)),
            Err(_) => {
                self.watch.panicked(PanicPlace::Subscription);
                Err(Fault::internal(DOING, Panicked))
            }
        }
    }
}

impl Outages {
    /// Whether the events are at fault, as far as anybody can tell.
    pub(super) fn are_of(&mut self, events: &[Envelope], fault: &Fault) -> bool {
        if fault.kind() != Kind::Unavailable {
            return true;
        }
        let met = events.first().map(|it| self.0.entry(it.id).or_default());
        met.is_some_and(|met| {
            *met += 1;
            OUTAGES_MAX < *met
        })
    }

    /// What was met before is forgotten once something succeeds.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}

/// Marks events; of those that were not marked before, first come those whose key waits.
async fn mark(
    tx: &mut Tx,
    group: &'static str,
    events: &[Envelope],
) -> Result<(Vec<Envelope>, Vec<Envelope>), Fault> {
    let marks = inbox::mark(tx, group, events).await?;
    let mut keys = HashSet::new();
    if marks.len() < events.len() {
        keys.extend(inbox::parked(tx, group, events).await?.into_iter().map(|it| it.0));
    }
    let marks: HashMap<_, _> = marks.into_iter().map(|it| (it.id, it.is_parked)).collect();
    let fresh = events.iter().filter(|it| marks.contains_key(&it.id)).cloned();
    Ok(fresh.partition(|it| marks[&it.id] || keys.contains(&it.partitionkey)))
}

/// The error with its causes, without what a log would not repeat either.
pub(super) fn told(fault: &Fault) -> String {
    let causes = iter::successors(Some(fault as &dyn Error), |it| (*it).source());
    let told = causes.map(ToString::to_string).collect::<Vec<_>>().join(": ");
    scrub(&told).chars().take(ERROR_MAX).collect()
}
