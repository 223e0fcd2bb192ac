//! A contest: the same work for several contestants, in rounds that alternate between them.

use std::time::Duration;

use socle_books::Sequencer;

use crate::{
    Failed,
    deal::{self, Shape},
    hand::Contestant,
    place::{Ground, MODULE, Place},
    round::{Crew, Tally, median},
    verify::verify,
};

/// Warm-up of each contestant: connections, plans, caches.
const WARM_UP: Duration = Duration::from_millis(500);

const ROUND: Duration = Duration::from_millis(1_200);

/// An odd number, so that a median is a round.
const ROUNDS: usize = 5;

/// What is to be done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work {
    pub(crate) who: Contestant,
    pub(crate) shape: Shape,
    pub(crate) callers: usize,
    pub(crate) batch: usize,
}

/// One contestant's rounds.
pub(crate) struct Score {
    pub(crate) rounds: Vec<Tally>,
}

impl Work {
    /// One transfer a call.
    pub(crate) fn new(who: Contestant, shape: Shape, callers: usize) -> Self {
        Self { who, shape, callers, batch: 1 }
    }
}

impl Score {
    pub(crate) fn rate(&self) -> f64 {
        median(self.rounds.iter().map(Tally::rate).collect())
    }

    pub(crate) fn latency_ms(&self, share: f64) -> f64 {
        median(self.rounds.iter().map(|it| it.latency_ms(share)).collect())
    }
}

/// A contestant at work on a database of its own.
struct Stand {
    ground: Ground,
    crew: Crew,
    told: Tally,
    score: Score,
}

/// Lets all of them work in turns, verifies what each has left, and tells the scores in order.
pub(crate) async fn contest(place: &Place, works: &[Work]) -> Result<Vec<Score>, Failed> {
    let mut stands = Vec::new();
    for work in works {
        stands.push(Stand::open(place, *work).await?);
    }
    for _ in 0..ROUNDS {
        for it in &mut stands {
            it.round().await?;
        }
    }
    let mut scores = Vec::new();
    for it in stands {
        drop(it.crew);
        verify(&it.ground, &it.told).await?;
        place.clear(it.ground).await?;
        scores.push(it.score);
    }
    Ok(scores)
}

impl Stand {
    async fn open(place: &Place, work: Work) -> Result<Self, Failed> {
        let ground = place.ground().await?;
        let posted = populate(&ground, work.shape).await?;
        let hands = work.who.hands(&ground, work.callers).await?;
        let crew = Crew::new(hands, work.shape, work.batch);
        let warm = crew.work(WARM_UP).await?;
        let told =
            Tally { posted: posted + warm.posted, refused: warm.refused, ..Tally::default() };
        Ok(Self { ground, crew, told, score: Score { rounds: Vec::new() } })
    }

    async fn round(&mut self) -> Result<(), Failed> {
        let tally = self.crew.work(ROUND).await?;
        self.told.posted += tally.posted;
        self.told.refused += tally.refused;
        self.score.rounds.push(tally);
        Ok(())
    }
}

/// Opens and fills the accounts; returns how many transfers that took.
pub(crate) async fn populate(ground: &Ground, shape: Shape) -> Result<u64, Failed> {
    let database = ground.open();
    let sequencer = Sequencer::start(database.module(MODULE.name));
    let mut posted = 0;
    for tenant in 0..shape.tenants() {
        for outcome in sequencer.submit_all(deal::opening(tenant)).await {
            posted += outcome?.posted.len() as u64;
        }
    }
    database.close().await;
    Ok(posted)
}
