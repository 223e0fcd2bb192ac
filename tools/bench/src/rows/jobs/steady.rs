//! Jobs at a pace: how long until each is begun.

use super::noted;
use crate::{
    Failed,
    jobs::{Doer, Pace},
    place::Place,
    report::Row,
};

const SECONDS: u32 = 10;

/// The second is what is asked of this project; some peers cannot enqueue so many one by one.
const RATES: [u32; 2] = [500, 2_000];

pub(in crate::rows) async fn steady(place: &Place) -> Result<Row, Failed> {
    let work = format!(
        "jobs that do nothing, due at a pace for {SECONDS} s and each enqueued by a transaction of \
         its own: from the commit, and from when it was due, until it is begun"
    );
    let (mut row, doers) = (Row::new("jobs-steady", work), Doer::all());
    for rate in RATES {
        for doer in &doers {
            let waits = doer.steady(place, pace(rate)).await?;
            let (commit, due) = (waits.after_commit(), waits.after_due());
            row = row
                .with(format!("{doer}, {rate}/s, p50 and"), commit.latency_ms(0.5), "ms")
                .with("  p95", commit.latency_ms(0.95), "ms")
                .with("  p99", commit.latency_ms(0.99), "ms")
                .with("  p99 from when it was due", due.latency_ms(0.99), "ms");
            if waits.missing != 0 {
                row.notes.push(format!("{doer}, {rate}/s: {} never began", waits.missing));
            }
        }
    }
    Ok(noted(row, &doers))
}

fn pace(rate: u32) -> Pace {
    Pace { rate, seconds: SECONDS, callers: 32, tenants: 1, flood: 0, work_ms: 0, workers: None }
}
