//! A heap of jobs that do nothing: how many are done in a second, and how many while a transaction
//! looks on.

use super::noted;
use crate::{
    Failed,
    jobs::{Beside, Burnt, Doer, Heap},
    place::Place,
    report::{Ask, Row},
    round::{count, median},
    rows::Shown,
};

const JOBS: u64 = 1_000_000;

/// As many as take a peer half a minute.
const JOBS_OF_PEERS: u64 = 200_000;

const SECONDS_MAX: u64 = 120;

/// Pairs of alone and beside, where there is time: each takes minutes.
const PAIRS: usize = 3;

pub(in crate::rows) async fn burn_down(place: &Place, shown: Shown) -> Result<Row, Failed> {
    let work = format!(
        "jobs that do nothing, enqueued before the workers start: {JOBS}, of peers {}; \
         who takes longer than {SECONDS_MAX} s is told by what was done",
        of_peers(shown)
    );
    let (mut row, doers) = (Row::new("jobs-burn-down", work), Doer::all());
    for doer in &doers {
        let jobs = if *doer == Doer::Socle { JOBS } else { of_peers(shown) };
        let heap = Heap { jobs, seconds_max: SECONDS_MAX };
        let pairs = if shown == Shown::Long { PAIRS } else { 1 };
        let (mut alone, mut beside) = (Vec::new(), Vec::new());
        for _ in 0..pairs {
            alone.push(doer.burn_down(place, heap, Beside::Nothing).await?);
            beside.push(doer.burn_down(place, heap, Beside::Snapshot).await?);
        }
        row = tell(row, *doer, &alone, &beside);
    }
    Ok(noted(row, &doers))
}

fn of_peers(shown: Shown) -> u64 {
    if shown == Shown::Long { JOBS } else { JOBS_OF_PEERS }
}

fn tell(row: Row, doer: Doer, alone: &[Burnt], beside: &[Burnt]) -> Row {
    let rate = |of: &[Burnt]| median(of.iter().map(|it| it.rate()).collect());
    let ratio = rate(beside) / rate(alone);
    let mut row = match doer {
        Doer::Socle => row
            .asked(doer.to_string(), rate(alone), "/s", Ask::AtLeast(25_000.0))
            .with("  beside an open snapshot", rate(beside), "/s")
            .asked("  of the rate alone", ratio, "×", Ask::AtLeast(0.8)),
        Doer::Peer(it) if it.is_on_postgres() => row
            .with(doer.to_string(), rate(alone), "/s")
            .with("  beside an open snapshot", rate(beside), "/s")
            .with("  of the rate alone", ratio, "×"),
        Doer::Peer(_) => row.with(doer.to_string(), rate(alone), "/s"),
    };
    for it in alone.iter().chain(beside).filter(|it| count(SECONDS_MAX) <= it.seconds) {
        row.notes.push(format!("{doer}: {} jobs were done in {SECONDS_MAX} s", it.done));
    }
    row
}
