//! The requests of one connection, counted for whoever decides how long it is kept.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// How many requests have begun and ended.
#[derive(Debug, Clone, Default)]
pub(super) struct Requests(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    begun: AtomicUsize,
    ended: AtomicUsize,
}

/// What was counted at a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counted {
    begun: usize,
    ended: usize,
}

/// A request until its answer has been given to the connection; clones are one request.
#[derive(Debug, Clone)]
pub(crate) struct OpenRequest(#[expect(dead_code, reason = "it counts when dropped")] Arc<Ending>);

#[derive(Debug)]
struct Ending(Requests);

impl Requests {
    pub(super) fn begin(&self) -> OpenRequest {
        self.0.begun.fetch_add(1, Ordering::SeqCst);
        OpenRequest(Arc::new(Ending(self.clone())))
    }

    pub(super) fn count(&self) -> Counted {
        // Ended first: one that ends in between is taken for open, never the other way round.
        let ended = self.0.ended.load(Ordering::SeqCst);
        Counted { begun: self.0.begun.load(Ordering::SeqCst), ended }
    }
}

impl Counted {
    pub(super) fn has_open(self) -> bool {
        self.ended != self.begun
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.0.ended.fetch_add(1, Ordering::SeqCst);
    }
}
