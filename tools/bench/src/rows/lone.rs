//! One caller, who waits for nobody.

use crate::{
    Failed,
    contest::{Work, contest},
    deal::Shape,
    hand::Contestant,
    place::Place,
    report::{Ask, Row},
};

pub(super) async fn lone(place: &Place) -> Result<Row, Failed> {
    let works = Contestant::ALL.map(|who| Work::new(who, Shape::Hot, 1));
    let scores = contest(place, &works).await?;
    let mut row = Row::new("lone", "one caller, one transfer after the other");
    for (who, score) in Contestant::ALL.iter().zip(&scores) {
        row = row.with(format!("{}, p50 and", who.name()), score.latency_ms(0.5), "ms").with(
            "p95",
            score.latency_ms(0.95),
            "ms",
        );
    }
    let to = |other: usize| scores[0].latency_ms(0.5) / scores[other].latency_ms(0.5);
    Ok(row.asked("books to rows locked, p50", to(1), "×", Ask::AtMost(1.1)).with(
        "books to one function call, p50",
        to(2),
        "×",
    ))
}
