//! The program over HTTP: how much, how soon, how many, and what a request costs.

mod balance;
mod cost;
mod earn;
mod idle;
mod steady;

pub(super) use balance::balance;
pub(super) use cost::cost;
pub(super) use earn::earn;
pub(super) use idle::idle;
pub(super) use steady::steady;

use std::time::Duration;

use crate::{
    Failed,
    http::{Load, Merchant},
    report::Row,
    round::Tally,
};

/// Callers at the same time.
const CONNECTIONS: usize = 64;

/// Accounts are opened and plans made before anything is measured.
const WARM_UP: Duration = Duration::from_millis(2_500);

/// An odd number, so that a median is a round.
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_millis(1_500);

/// A merchant whose customers buy as fast as they are answered.
async fn market(warm_up: Duration) -> Result<(Merchant, Load), Failed> {
    let merchant = Merchant::open().await?;
    let mut load = Load::open(&merchant.caller, CONNECTIONS, merchant.earn()).await?;
    load.closed(warm_up).await?;
    Ok((merchant, load))
}

/// The rounds as one.
fn all(rounds: &[Tally]) -> Tally {
    let mut all = Tally::default();
    for it in rounds {
        all.add(it.clone());
        all.seconds += it.seconds;
    }
    all
}

/// Nothing but the purchases that were answered has come into the books since `before`.
async fn conserved(
    row: Row,
    merchant: &Merchant,
    (before, told): (u64, u64),
) -> Result<Row, Failed> {
    let entries = merchant.verify().await?;
    // A purchase of a point or more has two sides.
    if entries != before + 2 * told {
        let why = format!("{told} purchases were told of, and {before} entries became {entries}");
        return Err(Failed(why));
    }
    let mut row = row;
    row.notes.push(format!("verified: {entries} entries, two for each purchase that was told of"));
    Ok(row)
}
