//! The rows of the table, in its order.

mod contended;
mod lone;

use crate::{Failed, place::Place, report::Row};

/// What can be measured, by name.
pub(crate) const NAMES: [&str; 6] = ["hot", "accounts", "tenants", "batches", "refused", "lone"];

/// Measures one row.
pub(crate) async fn measure(name: &str, place: &Place) -> Result<Row, Failed> {
    match name {
        "hot" => contended::hot(place).await,
        "accounts" => contended::accounts(place).await,
        "tenants" => contended::tenants(place).await,
        "batches" => contended::batches(place).await,
        "refused" => contended::refused(place).await,
        "lone" => lone::lone(place).await,
        other => Err(Failed::because(format!("no row is called {other:?}: {}", NAMES.join(", ")))),
    }
}
