//! Many callers at once.

use crate::{
    Failed,
    contest::{Score, Work, contest},
    deal::Shape,
    hand::Contestant,
    place::Place,
    report::{Ask, Row},
};

/// As many as a busy server has requests at a time; the baselines' pool has as many connections.
const CALLERS: usize = 64;

/// How many units a caller of `submit_all` hands in.
const BATCH: usize = 1_000;

/// Two, so that one batch queues while the other commits.
const BATCHERS: usize = 2;

pub(super) async fn hot(place: &Place) -> Result<Row, Failed> {
    let row = Row::new("hot", "64 callers, from the issuance to one customer");
    beside(place, Shape::Hot, row, [Ask::AtLeast(10_000.0), Ask::AtLeast(15.0)]).await
}

pub(super) async fn accounts(place: &Place) -> Result<Row, Failed> {
    let row = Row::new("accounts", "64 callers, between 50 accounts of one tenant");
    beside(place, Shape::Accounts, row, [Ask::AtLeast(12_000.0), Ask::AtLeast(1.0)]).await
}

pub(super) async fn tenants(place: &Place) -> Result<Row, Failed> {
    let row = Row::new("tenants", "64 callers, issuance to one customer in each of 50 tenants");
    beside(place, Shape::Tenants, row, [Ask::AtLeast(12_000.0), Ask::AtLeast(1.0)]).await
}

async fn beside(
    place: &Place,
    shape: Shape,
    row: Row,
    [rate, ratio]: [Ask; 2],
) -> Result<Row, Failed> {
    let works = Contestant::ALL.map(|who| Work::new(who, shape, CALLERS));
    let scores = contest(place, &works).await?;
    let [books, locks, call] = &scores[..] else { unreachable!("as many scores as works") };
    let times = |it: &Score| books.rate() / it.rate();
    Ok(row
        .asked("books", books.rate(), "/s", rate)
        .with("books, p50 and", books.latency_ms(0.5), "ms")
        .with("p99", books.latency_ms(0.99), "ms")
        .with("by hand, rows locked, pipelined", locks.rate(), "/s")
        .with("by hand, one function call", call.rate(), "/s")
        .asked("books to rows locked", times(locks), "×", ratio)
        .with("books to one function call", times(call), "×"))
}

pub(super) async fn batches(place: &Place) -> Result<Row, Failed> {
    let books = Work::new(Contestant::Books, Shape::Accounts, BATCHERS);
    let scores = contest(place, &[Work { batch: BATCH, ..books }]).await?;
    let row = Row::new("batches", "2 callers with 1,000 transfers each, between 50 accounts");
    Ok(row.asked("books", scores[0].rate(), "/s", Ask::AtLeast(20_000.0)).with(
        "a batch, p50",
        scores[0].latency_ms(0.5),
        "ms",
    ))
}

pub(super) async fn refused(place: &Place) -> Result<Row, Failed> {
    let [clean, mixed] = [Shape::Hot, Shape::HalfRefused];
    let works = [clean, mixed].map(|it| Work::new(Contestant::Books, it, CALLERS));
    let scores = contest(place, &works).await?;
    let [clean, mixed] = [scores[0].rate(), scores[1].rate()];
    let row = Row::new("refused", "64 callers as in hot, every second unit is refused");
    Ok(row
        .with("books, nothing refused", clean, "/s")
        .with("books, half of the units refused", mixed, "/s")
        .asked("of the clean rate", 100.0 * mixed / clean, "%", Ask::AtLeast(80.0)))
}
