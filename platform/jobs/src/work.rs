//! How a kind of job is done.

use std::{fmt, future::Future, sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use socle_kernel::{Fault, Retry};

use crate::{Job, Queue, Run};

type Begun = Result<BoxFuture<'static, Result<(), Fault>>, serde_json::Error>;
type Begin = dyn Fn(Run, &str) -> Begun + Send + Sync;

/// A kind of job, and what does it.
#[derive(Clone)]
pub struct Work {
    pub(crate) kind: &'static str,
    pub(crate) queue: Queue,
    pub(crate) retry: Retry,
    pub(crate) timeout: Duration,
    pub(crate) begin: Arc<Begin>,
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Work").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Work {
    /// Does every `J` with this handler. The handler gives way at each `await`; one that does not
    /// cannot be ended by a timeout.
    #[must_use]
    pub fn new<J: Job, F>(handler: impl Fn(Run, J) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), Fault>> + Send + 'static,
    {
        let handler = Arc::new(handler);
        let begin = move |run: Run, args: &str| -> Begun {
            let job: J = serde_json::from_str(args)?;
            let handler = Arc::clone(&handler);
            // The handler is called inside, because it may panic as well.
            Ok(Box::pin(async move { handler(run, job).await }))
        };
        Self {
            kind: J::KIND,
            queue: J::QUEUE,
            retry: J::RETRY,
            timeout: J::TIMEOUT,
            begin: Arc::new(begin),
        }
    }

    /// What it does.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// Where it waits.
    #[must_use]
    pub fn queue(&self) -> Queue {
        self.queue
    }
}
