//! The rows of the table, in its order.

mod bytes;
mod contended;
mod events;
mod http;
mod import;
mod jobs;
mod lone;
mod processes;
mod reads;

pub(crate) use processes::obey;

use crate::{Failed, place::Place, report::Row};

/// What can be measured, by name.
pub(crate) const NAMES: [&str; 20] = [
    "hot",
    "accounts",
    "tenants",
    "batches",
    "refused",
    "lone",
    "processes",
    "bytes",
    "reads",
    "import",
    "http-earn",
    "http-balance",
    "http-steady",
    "http-idle",
    "http-cost",
    "events-handled",
    "jobs-burn-down",
    "jobs-steady",
    "jobs-enqueue",
    "jobs-fairness",
];

/// Whether what takes minutes is measured too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    Short,
    Long,
}

/// Measures one row.
pub(crate) async fn measure(name: &str, place: &Place, shown: Shown) -> Result<Row, Failed> {
    match name {
        "hot" => contended::hot(place).await,
        "accounts" => contended::accounts(place).await,
        "tenants" => contended::tenants(place).await,
        "batches" => contended::batches(place).await,
        "refused" => contended::refused(place).await,
        "lone" => lone::lone(place).await,
        "processes" => processes::processes(place).await,
        "bytes" => bytes::bytes(place).await,
        "reads" => reads::reads(place, shown).await,
        "import" => import::import().await,
        "http-earn" => http::earn().await,
        "http-balance" => http::balance().await,
        "http-steady" => http::steady().await,
        "http-idle" => http::idle().await,
        "http-cost" => http::cost().await,
        "events-handled" => events::handled().await,
        "jobs-burn-down" => jobs::burn_down(place, shown).await,
        "jobs-steady" => jobs::steady(place).await,
        "jobs-enqueue" => jobs::enqueue(place).await,
        "jobs-fairness" => jobs::fairness(place).await,
        other => Err(Failed::because(format!("no row is called {other:?}: {}", NAMES.join(", ")))),
    }
}
