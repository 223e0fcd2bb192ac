//! Calls that are due at a pace, whatever became of those before.

use std::time::Duration;

use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};

use crate::Failed;

/// So many a second, in so many seconds, by so many callers in turns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dues {
    pub(crate) rate: u32,
    pub(crate) count: u32,
    pub(crate) callers: u32,
    start: Instant,
}

impl Dues {
    /// From a moment ahead on, so that the first are not late already.
    pub(crate) fn new(rate: u32, seconds: u32, callers: u32) -> Self {
        let start = Instant::now() + Duration::from_millis(50);
        Self { rate, count: rate * seconds, callers, start }
    }

    /// When the `n`th is due.
    pub(crate) fn due(&self, n: u32) -> Instant {
        self.start + Duration::from_secs(1) * n / self.rate
    }

    /// Makes each call when it is due, or as soon as its caller has made the one before.
    pub(crate) async fn keep<F>(
        self,
        call: impl Fn(u32) -> F + Clone + Send + 'static,
    ) -> Result<(), Failed>
    where
        F: Future<Output = Result<(), Failed>> + Send,
    {
        let mut callers = JoinSet::new();
        for first in 0..self.callers {
            let call = call.clone();
            callers.spawn(async move {
                for n in (first..self.count).step_by(self.callers as usize) {
                    sleep_until(self.due(n)).await;
                    call(n).await?;
                }
                Ok::<_, Failed>(())
            });
        }
        while let Some(done) = callers.join_next().await {
            done??;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    const STALL: Duration = Duration::from_millis(200);

    #[tokio::test]
    async fn what_a_stall_holds_up_is_made_late_and_not_left_out() {
        let made = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&made);
        let dues = Dues::new(100, 1, 1);

        let kept = dues.keep(move |n| {
            let told = Arc::clone(&told);
            async move {
                if n == 0 {
                    tokio::time::sleep(STALL).await;
                }
                told.lock().expect("nobody panics").push((n, dues.due(n).elapsed()));
                Ok(())
            }
        });
        kept.await.unwrap_or_else(|it| panic!("{it}"));

        let made = made.lock().expect("nobody panics");
        assert!(made.iter().map(|it| it.0).eq(0..100), "each once, in order");
        let late = made.iter().filter(|it| STALL / 2 < it.1).count();
        assert!(10 <= late, "10 were due in the first half of the stall, and {late} were late");
    }
}
