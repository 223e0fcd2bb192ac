//! How many jobs of a queue run at once in this process.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::Queue;

/// A number of hands for each queue. Clones share them.
#[derive(Debug, Clone)]
pub struct Slots(Arc<[Slot; Queue::ALL.len()]>);

#[derive(Debug)]
struct Slot {
    free: Arc<Semaphore>,
    all: usize,
}

impl Default for Slots {
    fn default() -> Self {
        Self::of(|queue| match queue {
            Queue::Critical | Queue::Low => 5,
            Queue::High => 10,
            Queue::Default => 20,
            Queue::Scheduled => 3,
        })
    }
}

impl Slots {
    /// So many for each.
    #[must_use]
    pub fn of(each: impl Fn(Queue) -> usize) -> Self {
        Self(Arc::new(Queue::ALL.map(|queue| {
            let all = each(queue).min(Semaphore::MAX_PERMITS);
            Slot { free: Arc::new(Semaphore::new(all)), all }
        })))
    }

    /// How many there are.
    #[must_use]
    pub fn all(&self, queue: Queue) -> usize {
        self.slot(queue).all
    }

    /// How many are free.
    #[must_use]
    pub fn free(&self, queue: Queue) -> usize {
        self.slot(queue).free.available_permits()
    }

    pub(super) fn take(&self, queue: Queue) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.slot(queue).free).try_acquire_owned().ok()
    }

    fn slot(&self, queue: Queue) -> &Slot {
        &self.0[queue as usize]
    }
}
