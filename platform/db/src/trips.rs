//! Round trips to the database, counted: what a request costs.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// The round trips of one process to one database. Clones count together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trips(Arc<AtomicU64>);

impl Trips {
    pub(crate) fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn counted(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
