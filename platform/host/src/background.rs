//! Work that nobody waits for, watched: a round that fails or panics is told, and the next comes.

use std::{error::Error, fmt, panic::AssertUnwindSafe, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use socle_kernel::{Fault, Timestamp};
use socle_telemetry::{Metrics, PanicPlace};
use tokio::time;

type Round = Box<dyn Fn(Timestamp) -> BoxFuture<'static, Result<(), Fault>> + Send + Sync>;

/// The first and the longest pause after rounds that failed; between them it doubles.
const PAUSE_MIN: Duration = Duration::from_secs(1);
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
        let mut failures = 0;
        loop {
            if self.has_done_a_round(&metrics).await {
                failures = 0;
                time::sleep(self.every).await;
            } else {
                metrics.restarted(self.name);
                time::sleep(self.pause_after(failures)).await;
                failures += 1;
            }
        }
    }

    async fn has_done_a_round(&self, metrics: &Metrics) -> bool {
        // What makes the round is called inside, because it may panic as well.
        let round = AssertUnwindSafe(async { (self.round)(now()).await });
        match round.catch_unwind().await {
            Ok(Ok(())) => return true,
            Ok(Err(fault)) => {
                let error = &fault as &dyn Error;
                tracing::error!(error, task = self.name, "background work failed");
            }
            Err(_) => {
                tracing::error!(task = self.name, "background work panicked");
                metrics.panicked(PanicPlace::Background);
            }
        }
        false
    }

    /// Work that is done often is also tried again soon.
    fn pause_after(&self, failures: u32) -> Duration {
        let first = self.every.min(PAUSE_MIN);
        first.saturating_mul(2_u32.saturating_pow(failures)).min(PAUSE_MAX)
    }
}

#[expect(clippy::disallowed_methods, reason = "the edge is where a round gets its time")]
fn now() -> Timestamp {
    Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every(pause: Duration) -> Background {
        Background::new("test", pause, |_| Box::pin(async { Ok(()) }))
    }

    #[test]
    fn pauses_double_up_to_a_minute_and_begin_short_even_where_rounds_are_rare() {
        let often = every(Duration::from_millis(10));
        let rarely = every(Duration::from_hours(1));

        let first = [0, 1, 2].map(|it| often.pause_after(it).as_millis());
        assert_eq!(first, [10, 20, 40]);
        assert_eq!([0, 1].map(|it| rarely.pause_after(it).as_secs()), [1, 2]);
        assert_eq!([63, u32::MAX].map(|it| rarely.pause_after(it)), [PAUSE_MAX; 2]);
    }
}
