//! Work that nobody waits for, watched: a round that fails or panics is told, and the next comes.

use std::{error::Error, fmt, panic::AssertUnwindSafe, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use socle_kernel::{Fault, Timestamp};
use socle_telemetry::{Metrics, PanicPlace};
use tokio::time;

type Round = Box<dyn Fn(Timestamp) -> BoxFuture<'static, Result<(), Fault>> + Send + Sync>;

/// The longest pause after rounds that failed.
const PAUSE_MAX: Duration = Duration::from_mins(1);

/// Work that is done in rounds.
pub struct Background {
    pub(crate) name: &'static str,
    every: Duration,
    round: Round,
}

impl fmt::Debug for Background {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Background").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Background {
    pub(crate) fn new(
        name: &'static str,
        every: Duration,
        round: impl Fn(Timestamp) -> BoxFuture<'static, Result<(), Fault>> + Send + Sync + 'static,
    ) -> Self {
        Self { name, every, round: Box::new(round) }
    }

    /// Round after round, for ever.
    pub(crate) async fn work(self, metrics: Metrics) {
        let mut pause = self.every;
        loop {
            let done = AssertUnwindSafe((self.round)(now())).catch_unwind().await;
            pause = match done {
                Ok(Ok(())) => self.every,
                Ok(Err(fault)) => {
                    let error = &fault as &dyn Error;
                    tracing::error!(error, task = self.name, "background work failed");
                    self.longer(pause)
                }
                Err(_) => {
                    tracing::error!(task = self.name, "background work panicked");
                    metrics.panicked(PanicPlace::Background);
                    self.longer(pause)
                }
            };
            if self.every < pause {
                metrics.restarted(self.name);
            }
            time::sleep(pause).await;
        }
    }

    fn longer(&self, pause: Duration) -> Duration {
        (pause * 2).min(PAUSE_MAX.max(self.every))
    }
}

#[expect(clippy::disallowed_methods, reason = "the edge is where a round gets its time")]
fn now() -> Timestamp {
    Timestamp::now()
}
