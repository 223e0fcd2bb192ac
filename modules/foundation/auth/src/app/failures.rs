//! How often keys were refused, by reason.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::domain::Refused;

/// Counts since the process began, for whoever exports metrics.
#[derive(Debug, Default)]
pub struct Failures([AtomicU64; Refused::ALL.len()]);

impl Failures {
    pub(crate) fn count(&self, reason: Refused) {
        self.of(reason).fetch_add(1, Ordering::Relaxed);
    }

    /// How often a key was refused for this reason.
    #[must_use]
    pub fn counted(&self, reason: Refused) -> u64 {
        self.of(reason).load(Ordering::Relaxed)
    }

    fn of(&self, reason: Refused) -> &AtomicU64 {
        &self.0[reason as usize]
    }
}
