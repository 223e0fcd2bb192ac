//! A hundred tenants, one of which floods: what the others notice of it.

use super::noted;
use crate::{
    Failed,
    jobs::{Doer, Pace},
    place::Place,
    report::{Ask, Row},
};

/// Of the others all together; an eighth of what the workers can do.
const RATE: u32 = 495;
const OTHERS: u32 = 99;
const SECONDS: u32 = 10;

/// More than the workers can do in twice the time.
const FLOOD: u64 = 60_000;

/// So that it is workers that are scarce, as it is where jobs do something.
const WORK_MS: u64 = 5;
const WORKERS: u32 = 20;

const TIMES: Ask = Ask::AtMost(2.0);

pub(in crate::rows) async fn fairness(place: &Place) -> Result<Row, Failed> {
    let work = format!(
        "{WORKERS} at a time, each waits {WORK_MS} ms; {RATE} a second of {OTHERS} tenants, beside \
         {FLOOD} of another that lie there already: from the commit until it is begun"
    );
    let (mut row, doers) = (Row::new("jobs-fairness", work), Doer::all());
    for doer in &doers {
        let alone = doer.steady(place, pace(0)).await?.after_commit().latency_ms(0.99);
        let beside = doer.steady(place, pace(FLOOD)).await?.after_commit().latency_ms(0.99);
        let times = beside / alone;
        row = row.with(format!("{doer}, the others alone, p99"), alone, "ms").with(
            "  beside the flood, p99",
            beside,
            "ms",
        );
        row = match doer {
            Doer::Socle => row.asked("  to alone", times, "×", TIMES),
            Doer::Peer(_) => row.with("  to alone", times, "×"),
        };
    }
    Ok(noted(row, &doers))
}

fn pace(flood: u64) -> Pace {
    Pace {
        rate: RATE,
        seconds: SECONDS,
        callers: 32,
        tenants: OTHERS,
        flood,
        work_ms: WORK_MS,
        workers: Some(WORKERS),
    }
}
