//! How the ledger is plugged in.

use std::time::Duration;

use socle_db::{Migration, Module};
use socle_host::Deps;
use socle_kernel::Fault;
use socle_ledger_contract::{
    ExpiryAnnounced, HoldExpired, HoldPlaced, HoldVoided, TransactionPosted,
};
use socle_telemetry::Metrics;

use crate::{Ledger, http, jobs};

/// The ledger's tables: the books', and its own.
pub const MODULE: Module = Module {
    name: "ledger",
    platform: &[socle_events::TABLES, socle_books::TABLES, socle_jobs::TABLES],
    own: &[
        Migration {
            version: 1,
            description: "ledger",
            sql: include_str!("../migrations/0001_ledger.sql"),
        },
        Migration {
            version: 2,
            description: "verification",
            sql: include_str!("../migrations/0002_verification.sql"),
        },
        Migration {
            version: 3,
            description: "what happens by itself",
            sql: include_str!("../migrations/0003_by_itself.sql"),
        },
    ],
};

/// How often each process looks what the last verification of all books found, whichever did it.
const LOOKING: Duration = Duration::from_mins(1);

/// The ledger, to be hosted.
#[must_use]
pub fn module(deps: &Deps) -> socle_host::Module {
    let (ledger, metrics) =
        (Ledger::measured(deps.db(MODULE.name), deps.metrics()), deps.metrics());
    let (looking, metrics) = (ledger.clone(), metrics.clone());
    module_of(ledger).background("ledger.findings", LOOKING, move |_| {
        let (ledger, metrics) = (looking.clone(), metrics.clone());
        Box::pin(async move { show_findings(&ledger, &metrics).await })
    })
}

/// The same, for whoever uses the ledger beside.
#[must_use]
pub fn module_of(ledger: Ledger) -> socle_host::Module {
    let module = socle_host::Module::new(MODULE)
        .publishes::<TransactionPosted>()
        .publishes::<HoldPlaced>()
        .publishes::<HoldVoided>()
        .publishes::<HoldExpired>()
        .publishes::<ExpiryAnnounced>();
    let module = jobs::works(&ledger).into_iter().fold(module, socle_host::Module::works);
    let module = jobs::crons().into_iter().fold(module, socle_host::Module::cron);
    module.routes(http::routes(ledger))
}

/// The alarm must not end because a process does.
async fn show_findings(ledger: &Ledger, metrics: &Metrics) -> Result<(), Fault> {
    if let Some(last) = ledger.last_inspection().await? {
        let findings = last.differences + i64::from(!last.is_conserved);
        metrics.ledger_verified(findings, last.began_at.micros() / 1_000_000);
    }
    Ok(())
}
