//! `socle ledger expire` and `expiring`: what has lapsed, and what is about to.

use serde::Serialize;
use socle_kernel::{Amount, Day};

use crate::{
    answer::Answer,
    cli::ExpiringDays,
    failure::Failure,
    session::{self, Session},
    settings::Settings,
    table::Table,
};

#[derive(Serialize)]
struct Recorded {
    transactions: usize,
}

#[derive(Serialize)]
struct Expiring {
    days: Vec<OnDay>,
    points: Amount,
}

#[derive(Serialize)]
struct OnDay {
    day: Day,
    customers: i64,
    points: Amount,
}

pub(super) async fn record(settings: &Settings) -> Result<Answer, Failure> {
    let transactions = session::with(settings, "socle ledger expire", async |it: &Session| {
        Ok(it.ledger.expire_due(&it.cx).await?)
    });
    let transactions = transactions.await?;
    let text = match transactions {
        0 => "nothing has expired that is not recorded".to_owned(),
        some => format!("{some} transactions record what has expired; no balance changes"),
    };
    Ok(Answer::new(&Recorded { transactions }, text))
}

pub(super) async fn expiring(of: &ExpiringDays, settings: &Settings) -> Result<Answer, Failure> {
    let days = session::with(settings, "socle ledger expiring", async |it: &Session| {
        let programme = it.programme(of.programme.as_deref()).await?;
        Ok(it.ledger.expiring(&it.cx, &programme, of.days).await?)
    });
    let days = days.await?.into_iter();
    let days: Vec<_> =
        days.map(|it| OnDay { day: it.day, customers: it.accounts, points: it.amount }).collect();
    let points = Amount::sum(days.iter().map(|it| it.points));
    let points = points.map_err(|_| socle_ledger::Error::TooLarge)?;
    let mut table = Table::new(&["DAY", ">CUSTOMERS", ">POINTS"]);
    for it in &days {
        table.row(vec![it.day.to_string(), it.customers.to_string(), it.points.to_string()]);
    }
    let text = format!("{table}\n{points} points expire within {} days", of.days);
    Ok(Answer::new(&Expiring { days, points }, text))
}
