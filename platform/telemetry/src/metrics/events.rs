//! What groups do with events.

use std::{collections::BTreeMap, time::Duration};

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use super::{DURATIONS, Metrics, UNITS};

/// What became of an event that was handed to a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventOutcome {
    /// Handled at its first delivery.
    Handled,
    /// Delivered before, and skipped.
    Repeated,
    /// Kept back, to be tried again.
    Failed,
    /// Handled after it had failed.
    Retried,
    /// Given up, until somebody replays it.
    Dead,
}

/// How a group stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EventsStanding {
    /// Rows of the log that it has not looked at, at most.
    pub lag: i64,
    pub oldest_age_s: i64,
    /// Deliveries that failed or wait behind one that did.
    pub parked: i64,
    pub dead: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Group {
    group: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct GroupOutcome {
    group: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfModule {
    module: &'static str,
    group: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Unseen {
    module: &'static str,
}

/// The families, of which [`Metrics`] has one each.
#[derive(Debug)]
pub(super) struct Events {
    handled: Family<GroupOutcome, Counter>,
    sizes: Family<Group, Histogram, fn() -> Histogram>,
    durations: Family<Group, Histogram, fn() -> Histogram>,
    lag: Family<Group, Gauge>,
    oldest: Family<Group, Gauge>,
    parked: Family<Group, Gauge>,
    dead: Family<Group, Gauge>,
    retained: Family<OfModule, Gauge>,
    unseen: Family<Unseen, Gauge>,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            handled: Family::default(),
            sizes: Family::new_with_constructor(|| Histogram::new(UNITS)),
            durations: Family::new_with_constructor(|| Histogram::new(DURATIONS)),
            lag: Family::default(),
            oldest: Family::default(),
            parked: Family::default(),
            dead: Family::default(),
            retained: Family::default(),
            unseen: Family::default(),
        }
    }
}

impl Events {
    pub(super) fn register(&self, all: &mut Registry) {
        let help = "Events handed to a group, by what became of them";
        all.register("socle_events_handled", help, self.handled.clone());
        let help = "Events handled in one transaction";
        all.register("socle_events_batch_size", help, self.sizes.clone());
        let (name, help) = ("socle_events_handling", "Time of one transaction that handles events");
        all.register_with_unit(name, help, Unit::Seconds, self.durations.clone());
        let help = "Rows of the log that a group has not looked at, at most";
        all.register("socle_events_lag_rows", help, self.lag.clone());
        let (name, help) = ("socle_events_oldest_age", "Age of the oldest event not handled");
        all.register_with_unit(name, help, Unit::Seconds, self.oldest.clone());
        let help = "Events that failed, or wait behind one that did";
        all.register("socle_events_parked", help, self.parked.clone());
        all.register("socle_events_dead", "Dead letters", self.dead.clone());
        let help = "Rows older than is kept, kept for a group that is behind";
        all.register("socle_events_retained_rows", help, self.retained.clone());
        let help = "Groups that no program has asked for in a day";
        all.register("socle_events_groups_unseen", help, self.unseen.clone());
    }
}

impl Metrics {
    /// Events that were handed to a group, by what became of them.
    pub fn events_handled(&self, group: &'static str, outcome: EventOutcome, count: usize) {
        let outcome = match outcome {
            EventOutcome::Handled => "handled",
            EventOutcome::Repeated => "repeated",
            EventOutcome::Failed => "failed",
            EventOutcome::Retried => "retried",
            EventOutcome::Dead => "dead",
        };
        let handled = self.0.events.handled.get_or_create(&GroupOutcome { group, outcome });
        handled.inc_by(count as u64);
    }

    /// One transaction that handled events.
    pub fn events_batch(&self, group: &'static str, size: usize, took: Duration) {
        let (size, group) = (u32::try_from(size).unwrap_or(u32::MAX), Group { group });
        self.0.events.sizes.get_or_create(&group).observe(f64::from(size));
        self.0.events.durations.get_or_create(&group).observe(took.as_secs_f64());
    }

    /// How a group stands, told now and then.
    pub fn events_stand(&self, group: &'static str, standing: EventsStanding) {
        let (events, group) = (&self.0.events, Group { group });
        events.lag.get_or_create(&group).set(standing.lag);
        events.oldest.get_or_create(&group).set(standing.oldest_age_s);
        events.parked.get_or_create(&group).set(standing.parked);
        events.dead.get_or_create(&group).set(standing.dead);
    }

    /// How many rows of a module's log are kept for each group beyond their age, and how many
    /// groups no program has asked for in a day. Groups are those that programs have declared.
    pub fn events_kept(
        &self,
        module: &'static str,
        retained: &BTreeMap<String, i64>,
        unseen: usize,
    ) {
        for (group, rows) in retained {
            let of = OfModule { module, group: group.clone() };
            self.0.events.retained.get_or_create(&of).set(*rows);
        }
        let unseen = i64::try_from(unseen).unwrap_or(i64::MAX);
        self.0.events.unseen.get_or_create(&Unseen { module }).set(unseen);
    }
}
