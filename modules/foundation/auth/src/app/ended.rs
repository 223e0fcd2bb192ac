//! What ends something that other processes may hold in memory.

use std::time::Duration;

/// What was done, and how long from now on some process may still not know it.
///
/// Whoever promises that it is in force everywhere waits that long before saying so.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "it is in force everywhere only after `effective_in`"]
pub struct Ended<T> {
    pub it: T,
    pub effective_in: Duration,
}
