//! `socle ledger programme`: how many points a purchase earns, and how long they live.

use serde::Serialize;
use socle_kernel::{Amount, Currency, Money};
use socle_ledger::{EarnRate, NewProgramme, Programme, Rounding};

use crate::{
    answer::Answer,
    cli::{Define, ProgrammeCommand},
    failure::{Exit, Failure},
    session::{self, Session},
    settings::Settings,
    table::Table,
};

#[derive(Serialize)]
struct Object {
    id: String,
    name: String,
    currency: &'static str,
    points: u32,
    per_units: u32,
    rounding: &'static str,
    minimum: Amount,
    life_months: Option<u16>,
    worth: Amount,
}

#[derive(Serialize)]
struct List {
    programmes: Vec<Object>,
}

pub(super) async fn obey(
    command: ProgrammeCommand,
    settings: &Settings,
) -> Result<Answer, Failure> {
    match command {
        ProgrammeCommand::Define(how) => define(&how, settings).await,
        ProgrammeCommand::List => list(settings).await,
    }
}

async fn define(how: &Define, settings: &Settings) -> Result<Answer, Failure> {
    let rules = rules(how)?;
    session::with(settings, "socle ledger programme define", async |it: &Session| {
        let made = Object::from(&it.ledger.define_programme(&it.cx, rules).await?);
        let text = table(&[&made]);
        Ok(Answer::new(&made, text))
    })
    .await
}

async fn list(settings: &Settings) -> Result<Answer, Failure> {
    session::with(settings, "socle ledger programme list", async |it: &Session| {
        let programmes = it.ledger.programmes(&it.cx).await?;
        let programmes: Vec<_> = programmes.iter().map(Object::from).collect();
        let text = table(&programmes.iter().collect::<Vec<_>>());
        Ok(Answer::new(&List { programmes }, text))
    })
    .await
}

fn rules(how: &Define) -> Result<NewProgramme, Failure> {
    let mistyped = |what: &str, why: &dyn std::fmt::Display| {
        let next = "`--help` shows how each is written";
        Failure::new(Exit::Usage, format!("the {what}: {why}"), next)
    };
    let currency = Currency::try_new(&how.currency).map_err(|it| mistyped("currency", &it))?;
    let sum = |what, text| {
        Money::parse(text, currency).map(|it| it.amount).map_err(|it| mistyped(what, &it))
    };
    Ok(NewProgramme {
        name: how.name.parse().map_err(|it| mistyped("name", &it))?,
        currency,
        rate: EarnRate { points: how.points, per_units: how.per },
        rounding: Rounding::of(&how.rounding)
            .ok_or_else(|| mistyped("rounding", &"it is down, half-up or up"))?,
        minimum: sum("minimum", &how.minimum)?,
        life_months: Some(how.life).filter(|it| *it != 0),
        worth: sum("worth", &how.worth)?,
    })
}

impl From<&Programme> for Object {
    fn from(it: &Programme) -> Self {
        let rules = &it.rules;
        Self {
            id: it.id.to_string(),
            name: rules.name.to_string(),
            currency: rules.currency.code(),
            points: rules.rate.points,
            per_units: rules.rate.per_units,
            rounding: rules.rounding.as_str(),
            minimum: rules.minimum,
            life_months: rules.life_months,
            worth: rules.worth,
        }
    }
}

fn table(programmes: &[&Object]) -> String {
    let mut table = Table::new(&["NAME", "POINTS", "ROUNDING", "LIFE"]);
    for it in programmes {
        let rate = format!("{} for {} {}", it.points, it.per_units, it.currency);
        let life = it.life_months.map_or("for ever".to_owned(), |it| format!("{it} months"));
        table.row(vec![it.name.clone(), rate, it.rounding.to_owned(), life]);
    }
    table.to_string()
}
