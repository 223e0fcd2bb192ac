//! Purchases by as many customers as there are connections, each waiting for its answer.

use super::{CONNECTIONS, ROUND, ROUNDS, WARM_UP, all, conserved};
use crate::{
    Failed,
    http::{Load, Merchant},
    profile,
    report::{Ask, Row},
    round::{Tally, median},
};

const ASKED: Ask = Ask::AtLeast(3_500.0);

pub(in crate::rows) async fn earn() -> Result<Row, Failed> {
    let merchant = Merchant::open().await?;
    let before = merchant.verify().await?;
    let mut load = Load::open(&merchant.caller, CONNECTIONS, merchant.earn()).await?;
    load.closed(WARM_UP).await?;
    let work = async {
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            rounds.push(load.closed(ROUND).await?);
        }
        Ok(rounds)
    };
    let (rounds, profile) = profile::during(&merchant.program, work).await?;
    let rate = median(rounds.iter().map(Tally::rate).collect());
    let all = all(&rounds);
    let row = Row::new("http-earn", format!("`POST /v1/ledger/earn`, {CONNECTIONS} connections"))
        .asked("purchases", rate, "/s", ASKED)
        .with("  p50", all.latency_ms(0.5), "ms")
        .with("  p99", all.latency_ms(0.99), "ms");
    let row = profile.tell(row, "PostgreSQL", &all);
    conserved(row, &merchant, (before, load.made())).await
}
