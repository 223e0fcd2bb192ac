//! What a job costs the caller who enqueues it.

use super::noted;
use crate::{
    Failed,
    jobs::{Calls, Doer, Transactions},
    place::Place,
    report::Row,
    round::median,
};

const CALLS: Calls = Calls { callers: 8, seconds: 1.2, rounds: 5 };

pub(in crate::rows) async fn enqueue(place: &Place) -> Result<Row, Failed> {
    let work = format!(
        "{} callers, a transaction with one insert, without a job and with one in turns",
        CALLS.callers
    );
    let (mut row, doers) = (Row::new("jobs-enqueue", work), Doer::all());
    for doer in &doers {
        let costs = doer.enqueue(place, CALLS).await?;
        let (without, with) = (p50_ms(&costs.without), p50_ms(&costs.with));
        row = row
            .with(format!("{doer}, without, p50"), without, "ms")
            .with("  with a job, p50", with, "ms")
            .with("  with to without", with / without, "×")
            .with("  transactions with a job", rate(&costs.with), "/s");
    }
    Ok(noted(row, &doers))
}

fn p50_ms(of: &[Transactions]) -> f64 {
    median(of.iter().map(|it| it.tally().latency_ms(0.5)).collect())
}

fn rate(of: &[Transactions]) -> f64 {
    median(of.iter().map(|it| it.tally().rate()).collect())
}
