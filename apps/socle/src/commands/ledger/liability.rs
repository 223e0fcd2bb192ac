//! `socle ledger liability`: what a programme owes at the end of each day.

use serde::Serialize;
use socle_kernel::{Amount, Day, Money};

use crate::{
    answer::Answer,
    cli::Span,
    failure::Failure,
    session::{self, Session},
    settings::Settings,
    table::Table,
};

/// How far back a report goes by itself.
const DAYS: i32 = 30;

#[derive(Serialize)]
struct Object {
    programme: String,
    currency: &'static str,
    days: Vec<OnDay>,
}

#[derive(Serialize)]
struct OnDay {
    day: Day,
    earned: Amount,
    spent: Amount,
    expired: Amount,
    points: Amount,
    value: Amount,
}

pub(super) async fn obey(span: &Span, settings: &Settings) -> Result<Answer, Failure> {
    session::with(settings, "socle ledger liability", async |it: &Session| {
        let programme = it.programme(span.programme.as_deref()).await?;
        let to = span.to.unwrap_or_else(|| it.cx.now.day());
        let from = span.from.unwrap_or_else(|| to.plus_days(-DAYS));
        super::check_order(from, to)?;
        let days = it.ledger.liability(&it.cx, &programme, from, to).await?;
        let currency = programme.rules.currency;
        let headings = [">EARNED", ">SPENT", ">EXPIRED", ">POINTS OWED", ">WORTH"];
        let mut table = Table::new(&[&["DAY"][..], &headings].concat());
        for it in &days {
            let worth = Money { amount: it.value, currency }.to_string();
            let numbers = [it.earned, it.spent, it.expired, it.points].map(|it| it.to_string());
            table.row([vec![it.day.to_string()], numbers.to_vec(), vec![worth]].concat());
        }
        let days = days.into_iter().map(|it| OnDay {
            day: it.day,
            earned: it.earned,
            spent: it.spent,
            expired: it.expired,
            points: it.points,
            value: it.value,
        });
        let (programme, days) = (programme.rules.name.to_string(), days.collect());
        let object = Object { programme, currency: currency.code(), days };
        Ok(Answer::new(&object, table.to_string()))
    })
    .await
}
