//! `socle ledger`: looking at points.

mod balance;
mod expiry;
mod liability;
mod programme;
mod statement;
mod trial_balance;
mod verify;

use crate::{answer::Answer, cli::LedgerCommand, failure::Failure, settings::Settings};

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
