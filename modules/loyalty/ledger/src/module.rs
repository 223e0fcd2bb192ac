//! How the ledger is plugged in.

use std::time::Duration;

use socle_db::{Migration, Module};
use socle_host::Deps;
use socle_kernel::Doing;

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

/// How often the keys of requests that are a day old are forgotten.
const FORGETTING: Duration = Duration::from_mins(10);

const FORGET: &str = "forget the keys of yesterday's requests";

/// The ledger, to be hosted.
#[must_use]
pub fn module(deps: &Deps) -> socle_host::Module {
    module_of(Ledger::measured(deps.db(MODULE.name), deps.metrics()))
}

/// The same, for whoever uses the ledger beside.
#[must_use]
pub fn module_of(ledger: Ledger) -> socle_host::Module {
    let (forgetful, verifying) = (ledger.clone(), ledger.clone());
    socle_host::Module::new(MODULE)
        .routes(http::routes(ledger))
        .background("ledger.verifications", LOOKING, move |_| {
            let ledger = verifying.clone();
            Box::pin(async move { ledger.verify_waiting().await })
        })
        .background("ledger.request-keys", FORGETTING, move |now| {
            let ledger = forgetful.clone();
            Box::pin(async move { ledger.forget_keys(now).await.map(drop).doing(FORGET) })
        })
}
