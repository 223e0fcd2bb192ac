//! How the ledger is plugged in.

use std::time::Duration;

use socle_db::{Migration, Module};
use socle_host::Deps;

use crate::{Ledger, http};

/// The ledger's tables: the books', and its own.
pub const MODULE: Module = Module {
    name: "ledger",
    platform: &[socle_events::TABLES, socle_books::TABLES],
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
    ],
};

/// How often it is looked whether somebody asked for a verification.
const LOOKING: Duration = Duration::from_secs(1);

/// The ledger, to be hosted.
#[must_use]
pub fn module(deps: &Deps) -> socle_host::Module {
    module_of(Ledger::new(deps.db(MODULE.name)))
}

/// The same, for whoever uses the ledger beside.
#[must_use]
pub fn module_of(ledger: Ledger) -> socle_host::Module {
    let routes = http::routes(ledger.clone());
    socle_host::Module::new(MODULE).routes(routes).background(
        "ledger.verifications",
        LOOKING,
        move |_| {
            let ledger = ledger.clone();
            Box::pin(async move { ledger.verify_waiting().await })
        },
    )
}
