//! Purchases at a pace, timed from when they were due.

use std::time::Duration;

use super::{conserved, market};
use crate::{
    Failed, profile,
    report::{Ask, Row},
};

const RATE: u32 = 500;
const TIME: Duration = Duration::from_secs(20);
const WARM_UP: Duration = Duration::from_secs(1);

const ASKED_MS: [(f64, f64); 3] = [(0.5, 4.0), (0.95, 12.0), (0.99, 30.0)];

pub(in crate::rows) async fn steady() -> Result<Row, Failed> {
    let (merchant, mut load) = market(WARM_UP).await?;
    let (before, made) = (merchant.verify().await?, load.made());
    let (paced, profile) = profile::during(&merchant.program, load.paced(RATE, TIME)).await?;
    let work = format!(
        "`POST /v1/ledger/earn`, {RATE} due each second for {} s, timed from when they were due",
        TIME.as_secs()
    );
    let mut row = Row::new("http-steady", work).with("purchases", paced.tally.rate(), "/s");
    for (share, asked) in ASKED_MS {
        let what = format!("  p{:.0}", share * 100.0);
        row = row.asked(what, paced.tally.latency_ms(share), "ms", Ask::AtMost(asked));
    }
    let row = row
        .with("  of which before it was sent, p50", paced.late.latency_ms(0.5), "ms")
        .with("  of which before it was sent, p99", paced.late.latency_ms(0.99), "ms");
    let row = profile.tell(row, "PostgreSQL", &paced.tally);
    conserved(row, &merchant, (before, load.made() - made)).await
}
