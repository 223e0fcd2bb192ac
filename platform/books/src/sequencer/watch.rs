//! How the queue fares, for whoever measures.

use socle_telemetry::{Metrics, PanicPlace};
use tokio::sync::mpsc;

use super::queue::Waiting;

/// Tells of each batch; nobody, unless somebody measures.
#[derive(Debug, Clone, Default)]
pub(super) struct Watch(Option<(Metrics, &'static str)>);

impl Watch {
    /// Tells `metrics` of the books of this module, and how deep their queue is.
    pub(super) fn of(
        metrics: &Metrics,
        books: &'static str,
        queue: &mpsc::Sender<Waiting>,
    ) -> Self {
        // Weak: whoever reads metrics does not keep the worker alive.
        let queue = queue.downgrade();
        metrics.watch_queue(books, move || {
            let queue = queue.upgrade();
            queue.map_or(0, |it| (it.max_capacity() - it.capacity()) as u64)
        });
        Self(Some((metrics.clone(), books)))
    }

    pub(super) fn posted(&self, units: usize) {
        self.0.iter().for_each(|(metrics, books)| metrics.batch_posted(books, units));
    }

    pub(super) fn panicked(&self) {
        self.0.iter().for_each(|(metrics, _)| metrics.panicked(PanicPlace::Batch));
    }
}
