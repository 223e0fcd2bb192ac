//! Events from the commit that published them to the commit that has their effect and their mark.

use crate::{
    Failed,
    events::Log,
    machine,
    place::{self, Place},
    report::{Ask, Row},
    round::{Tally, median},
};

/// Events that lie there before the group works.
const BACKLOG: u64 = 200_000;
const ROUNDS: usize = 3;
const MANY_TENANTS: u32 = 50;

const RATE: u32 = 500;
const SECONDS: u32 = 20;

/// As long as the transaction beside it is open.
const SECONDS_BESIDE: u32 = 60;

const BEGIN: &str = "create table open (n int); begin; insert into open values (1)";

pub(super) async fn handled() -> Result<Row, Failed> {
    let work = format!(
        "a group that handles up to 500 in a transaction, by one statement and the marks: \
         {BACKLOG} that lie there, and {RATE} published in a second, from commit to commit"
    );
    let place = Place::tracking().await?;
    let measured = measure(&place, Row::new("events-handled", work)).await;
    place.close().await?;
    let mut row = measured?;
    row.notes.push(format!("load {} at the end", machine::load()));
    Ok(row)
}

async fn measure(place: &Place, row: Row) -> Result<Row, Failed> {
    let one = backlog(place, 1).await?;
    let many = backlog(place, MANY_TENANTS).await?;
    let alone = paced(place, SECONDS).await?;
    let elsewhere = place.bare().await?;
    let mut writer = elsewhere.admin().await?;
    place::run(&mut writer, BEGIN).await?;
    let beside = paced(place, SECONDS_BESIDE).await?;
    place::run(&mut writer, "commit").await?;
    drop(writer);
    place.clear(elsewhere).await?;
    let row = row.asked("handled, of one tenant", one, "/s", Ask::AtLeast(10_000.0)).with(
        format!("handled, of {MANY_TENANTS} tenants"),
        many,
        "/s",
    );
    let row = tell(row, &format!("{RATE}/s"), &alone);
    let what = format!("{RATE}/s, a writer open elsewhere for {SECONDS_BESIDE} s");
    Ok(tell(row, &what, &beside))
}

async fn backlog(place: &Place, tenants: u32) -> Result<f64, Failed> {
    let mut rates = Vec::new();
    for _ in 0..ROUNDS {
        let mut log = Log::open(place).await?;
        rates.push(log.backlog(BACKLOG, tenants).await?);
        log.verify(place).await?;
    }
    Ok(median(rates))
}

async fn paced(place: &Place, seconds: u32) -> Result<Tally, Failed> {
    let mut log = Log::open(place).await?;
    let tally = log.paced(RATE, seconds).await?;
    log.verify(place).await?;
    Ok(tally)
}

fn tell(row: Row, what: &str, tally: &Tally) -> Row {
    row.asked(format!("{what}, p50 and"), tally.latency_ms(0.5), "ms", Ask::AtMost(15.0))
        .with("  p95", tally.latency_ms(0.95), "ms")
        .with("  p99", tally.latency_ms(0.99), "ms")
}
