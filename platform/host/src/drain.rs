//! Ending in order: what has begun is finished, what comes now is sent away.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use tokio::sync::Notify;

/// How many requests are being answered, and whether more are taken.
#[derive(Debug, Clone, Default)]
pub(crate) struct Drain(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    has_begun: AtomicBool,
    in_flight: AtomicUsize,
    is_idle: Notify,
}

/// A request that is being answered.
#[derive(Debug)]
pub(crate) struct InFlight(Drain);

impl Drain {
    /// Counts a request until the guard is dropped; none once the end has begun.
    pub(crate) fn enter(&self) -> Option<InFlight> {
        // Counted first: whoever begins the end sees it or is seen by it.
        self.0.in_flight.fetch_add(1, Ordering::SeqCst);
        let guard = InFlight(self.clone());
        (!self.0.has_begun.load(Ordering::SeqCst)).then_some(guard)
    }

    /// Takes no more.
    pub(crate) fn begin(&self) {
        self.0.has_begun.store(true, Ordering::SeqCst);
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.0.has_begun.load(Ordering::SeqCst)
    }

    /// Returns when nothing is in flight.
    pub(crate) async fn idle(&self) {
        loop {
            let idle = self.0.is_idle.notified();
            if self.0.in_flight.load(Ordering::SeqCst) == 0 {
                return;
            }
            idle.await;
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if self.0.0.in_flight.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.0.is_idle.notify_waiters();
        }
    }
}
