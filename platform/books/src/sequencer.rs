//! The second entrance: one queue for many callers, whose units commit together.
//!
//! A batch is whatever queued while the previous one committed: no timer, so a lone caller waits
//! for nobody. One task works the queue; accounts are locked in the database, so several processes
//! on one database are correct as well.

mod poison;
mod queue;
mod watch;

use socle_db::Db;
use socle_kernel::Fault;
use socle_telemetry::Metrics;
use tokio::sync::{mpsc, oneshot};

use crate::{Error, Receipt, Unit};
use queue::Waiting;
use watch::Watch;

/// How many units may wait: what a caller beyond them waits for is a place in the queue.
const QUEUE_MAX: usize = 16_384;

/// Posts units for many callers at once. Clones share the queue.
#[derive(Debug, Clone)]
pub struct Sequencer {
    queue: mpsc::Sender<Waiting>,
}

/// The queue's worker has ended, as it does when the process stops.
#[derive(Debug, thiserror::Error)]
#[error("the queue of the books is closed")]
struct Closed;

impl Sequencer {
    /// Starts the worker; it ends when the last clone is dropped and the queue is empty.
    #[must_use]
    pub fn start(db: Db) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE_MAX);
        Self::work(db, (queue, waiting), Watch::default())
    }

    /// The same, and tells `metrics` of its batches and its queue, under the name of the module.
    #[must_use]
    pub fn measured(db: Db, metrics: &Metrics, books: &'static str) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE_MAX);
        let watch = Watch::of(metrics, books, &queue);
        Self::work(db, (queue, waiting), watch)
    }

    #[expect(clippy::disallowed_methods, reason = "the one worker, whose callers wait for it")]
    fn work(
        db: Db,
        (queue, waiting): (mpsc::Sender<Waiting>, mpsc::Receiver<Waiting>),
        watch: Watch,
    ) -> Self {
        tokio::spawn(queue::work(db, waiting, watch));
        Self { queue }
    }

    /// Posts a unit; the answer comes after the commit.
    ///
    /// A unit that took effect while its answer was lost is answered from its key or its
    /// identifiers when it is submitted again.
    pub async fn submit(&self, unit: Unit) -> Result<Receipt, Error> {
        self.enqueue(unit).await?.await.map_err(|_| closed())?
    }

    /// Posts many units in their order, each with its own outcome; one's refusal harms no other.
    pub async fn submit_all(&self, units: Vec<Unit>) -> Vec<Result<Receipt, Error>> {
        let mut answers = Vec::with_capacity(units.len());
        for unit in units {
            answers.push(self.enqueue(unit).await);
        }
        let mut outcomes = Vec::with_capacity(answers.len());
        for answer in answers {
            outcomes.push(match answer {
                Ok(answer) => answer.await.unwrap_or_else(|_| Err(closed().into())),
                Err(fault) => Err(fault.into()),
            });
        }
        outcomes
    }

    async fn enqueue(
        &self,
        unit: Unit,
    ) -> Result<oneshot::Receiver<Result<Receipt, Error>>, Fault> {
        let (answer, receiver) = oneshot::channel();
        self.queue.send(Waiting { unit, answer }).await.map_err(|_| closed())?;
        Ok(receiver)
    }
}

fn closed() -> Fault {
    Fault::unavailable("post to the books", Closed)
}
