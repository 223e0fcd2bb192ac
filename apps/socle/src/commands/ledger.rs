//! `socle ledger`: looking at points.

mod balance;
mod expiry;
mod liability;
mod programme;
mod statement;
mod trial_balance;
mod verify;

use socle_kernel::Day;

use crate::{
    answer::Answer,
    cli::LedgerCommand,
    failure::{Exit, Failure},
    settings::Settings,
};

pub(super) async fn obey(command: LedgerCommand, settings: &Settings) -> Result<Answer, Failure> {
    match command {
        LedgerCommand::Balance(of) => balance::obey(&of, settings).await,
        LedgerCommand::Statement(of) => statement::obey(&of, settings).await,
        LedgerCommand::TrialBalance { at } => trial_balance::obey(at, settings).await,
        LedgerCommand::Verify => verify::obey(settings).await,
        LedgerCommand::Expire => expiry::record(settings).await,
        LedgerCommand::Expiring(days) => expiry::expiring(&days, settings).await,
        LedgerCommand::Liability(span) => liability::obey(&span, settings).await,
        LedgerCommand::Programme(command) => programme::obey(command, settings).await,
    }
}

/// Refuses a span whose last day lies before its first.
fn check_order(from: Day, to: Day) -> Result<(), Failure> {
    if from <= to {
        return Ok(());
    }
    let why = format!("the first day, {from}, lies after the last, {to}");
    Err(Failure::new(Exit::Usage, why, "name an earlier day with --from, or a later one with --to"))
}
