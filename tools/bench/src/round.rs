//! One round: callers that work side by side for a while.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use crate::{
    Failed,
    deal::Shape,
    hand::{Answer, Hand},
};

/// Who works, on what, and how.
pub(crate) struct Crew {
    hands: Vec<Arc<Hand>>,
    shape: Shape,
    /// How many movements a caller hands in at once.
    batch: usize,
    /// The next movement, counted over all rounds.
    next: Arc<AtomicU64>,
}

/// What a round came to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    pub(crate) posted: u64,
    pub(crate) refused: u64,
    pub(crate) seconds: f64,
    /// How long each call took.
    pub(crate) latencies_us: Vec<u32>,
}

impl Crew {
    pub(crate) fn new(hands: Vec<Hand>, shape: Shape, batch: usize) -> Self {
        let hands = hands.into_iter().map(Arc::new).collect();
        Self { hands, shape, batch, next: Arc::default() }
    }

    /// Lets everybody work until the time is over, and waits for the last answer.
    pub(crate) async fn work(&self, time: Duration) -> Result<Tally, Failed> {
        let mut callers = JoinSet::new();
        let start = Instant::now();
        for hand in &self.hands {
            let (hand, next) = (Arc::clone(hand), Arc::clone(&self.next));
            let (shape, batch) = (self.shape, self.batch);
            callers.spawn(async move { call(&hand, &next, (shape, batch), start + time).await });
        }
        let mut tally = Tally::default();
        while let Some(done) = callers.join_next().await {
            tally.add(done??);
        }
        tally.seconds = start.elapsed().as_secs_f64();
        Ok(tally)
    }
}

async fn call(
    hand: &Hand,
    next: &AtomicU64,
    (shape, batch): (Shape, usize),
    end: Instant,
) -> Result<Tally, Failed> {
    let mut tally = Tally::default();
    while Instant::now() < end {
        let first = next.fetch_add(batch as u64, Relaxed);
        let deals = (first..).take(batch).map(|it| shape.deal(it));
        let start = Instant::now();
        let answers = if batch == 1 {
            vec![hand.make(shape.deal(first)).await?]
        } else {
            hand.make_all(deals.collect()).await?
        };
        tally.latencies_us.push(u32::try_from(start.elapsed().as_micros()).unwrap_or(u32::MAX));
        let posted = answers.iter().filter(|it| **it == Answer::Posted).count() as u64;
        tally.posted += posted;
        tally.refused += answers.len() as u64 - posted;
    }
    Ok(tally)
}

impl Tally {
    /// One more, after so long.
    pub(crate) fn answered(&mut self, took: Duration) {
        self.posted += 1;
        self.latencies_us.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.posted += other.posted;
        self.refused += other.refused;
        self.latencies_us.extend(other.latencies_us);
    }

    /// Movements answered in a second, refusals too.
    pub(crate) fn rate(&self) -> f64 {
        count(self.posted + self.refused) / self.seconds
    }

    /// The latency in milliseconds that this share of the calls stayed within.
    pub(crate) fn latency_ms(&self, share: f64) -> f64 {
        let mut sorted = self.latencies_us.clone();
        sorted.sort_unstable();
        let last = sorted.len().saturating_sub(1);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place")]
        let place = (count(last as u64) * share).round() as usize;
        f64::from(sorted.get(place).copied().unwrap_or_default()) / 1_000.0
    }
}

/// A count as a number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
pub(crate) fn count(it: u64) -> f64 {
    it as f64
}

/// The middle one.
pub(crate) fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or(f64::NAN)
}
