//! `socle ledger balance`: what a customer has, or had at a moment.

use serde::Serialize;
use socle_kernel::{Amount, Timestamp};
use socle_ledger::CustomerBalance;

use crate::{
    answer::Answer,
    cli::Balance,
    failure::Failure,
    session::{self, Session},
    settings::Settings,
    text::Text,
};

#[derive(Serialize)]
struct Object {
    earned: Amount,
    spent: Amount,
    expired: Amount,
    held: Amount,
    available: Amount,
    /// Points that a refund took back after they had been spent.
    debt: Amount,
    customer: String,
    programme: String,
    at: Timestamp,
}

pub(super) async fn obey(of: &Balance, settings: &Settings) -> Result<Answer, Failure> {
    let object = session::with(settings, "socle ledger balance", async |it: &Session| {
        let programme = it.programme(of.programme.as_deref()).await?;
        let (customer, accounts) = it.customer(&programme, &of.customer).await?;
        let at = of.at.unwrap_or(it.cx.now);
        let balance = it.ledger.balance(&it.cx, &programme, &customer, at).await?;
        let debt = it.ledger.account_as_of(&it.cx, accounts.debt.id, at).await?;
        let debt = debt.balance().map_err(|_| socle_ledger::Error::TooLarge)?;
        let CustomerBalance { earned, spent, expired, held, available } = balance;
        let (customer, programme) = (customer.to_string(), programme.rules.name.to_string());
        let debt = -debt;
        Ok(Object { earned, spent, expired, held, available, debt, customer, programme, at })
    });
    let object = object.await?;
    Ok(Answer::new(&object, text(&object)))
}

fn text(it: &Object) -> Text {
    let mut text = Text::new();
    text.line(format_args!("{} at {}", it.customer, it.at));
    let rows = [
        ("earned", it.earned),
        ("spent", it.spent),
        ("expired", it.expired),
        ("held", it.held),
        ("available", it.available),
    ];
    for (name, amount) in rows {
        text.line(format_args!("  {name:<10}{:>12}", amount.minor()));
    }
    if !it.debt.is_zero() {
        let debt = it.debt.minor();
        text.line(format_args!("  {:<10}{debt:>12}  what is earned next pays it", "owes"));
    }
    text
}
