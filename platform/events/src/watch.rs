//! What becomes of a group's events, for whoever measures.

use std::time::Duration;

use socle_telemetry::{EventOutcome, EventsStanding, Metrics, PanicPlace};

/// What one transaction handled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Handled {
    pub(crate) fresh: usize,
    /// Delivered before, and skipped.
    pub(crate) repeated: usize,
}

/// Tells of each batch; nobody, unless somebody measures.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watch(Option<(Metrics, &'static str)>);

impl Watch {
    pub(crate) fn of(metrics: &Metrics, group: &'static str) -> Self {
        Self(Some((metrics.clone(), group)))
    }

    pub(crate) fn handled(&self, handled: Handled, took: Duration) {
        if let Some((metrics, group)) = &self.0 {
            metrics.events_handled(group, EventOutcome::Repeated, handled.repeated);
            if 0 < handled.fresh {
                metrics.events_handled(group, EventOutcome::Handled, handled.fresh);
                metrics.events_batch(group, handled.fresh, took);
            }
        }
    }

    pub(crate) fn measures(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn stands(&self, standing: EventsStanding) {
        self.0.iter().for_each(|(metrics, group)| metrics.events_stand(group, standing));
    }

    pub(crate) fn retried(&self) {
        self.count(EventOutcome::Retried);
    }

    pub(crate) fn failed(&self, is_dead: bool) {
        self.count(if is_dead { EventOutcome::Dead } else { EventOutcome::Failed });
    }

    pub(crate) fn panicked(&self, place: PanicPlace) {
        self.0.iter().for_each(|(metrics, _)| metrics.panicked(place));
    }

    fn count(&self, outcome: EventOutcome) {
        self.0.iter().for_each(|(metrics, group)| metrics.events_handled(group, outcome, 1));
    }
}
