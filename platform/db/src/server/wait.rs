//! How long to wait, and how.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// A recovery after a crash may read a gigabyte of log.
const READY: Duration = Duration::from_mins(5);
/// A checkpoint at the end writes every changed page.
const END: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(20);

/// A wait with an end.
#[derive(Debug)]
pub(super) struct Wait {
    until: Instant,
    limit: Duration,
}

impl Wait {
    /// Until a server is ready.
    pub(super) fn for_ready() -> Self {
        Self { until: Instant::now() + READY, limit: READY }
    }

    /// Until a server has ended.
    pub(super) fn for_end() -> Self {
        Self { until: Instant::now() + END, limit: END }
    }

    /// A short pause, or the seconds that were waited in vain.
    pub(super) async fn pause(&mut self) -> Result<(), u64> {
        if Instant::now() >= self.until {
            return Err(self.limit.as_secs());
        }
        pause().await;
        Ok(())
    }
}

/// A short pause.
pub(super) async fn pause() {
    sleep(PAUSE).await;
}
