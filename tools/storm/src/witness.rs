//! The witness: hears every event of the ledger, has one job done for each, and writes both down.
//!
//! It runs in processes of their own, twice, and is what a module would be that counts on the bus
//! and the jobs. Nothing keeps it from writing something down twice: that is what is looked for.

mod echo;
mod hearing;
mod tables;

use std::future::pending;

use socle_db::{Database, Logins};
use socle_kernel::Timestamp;
use sqlx::postgres::PgConnectOptions;

use crate::Failed;

pub(crate) use tables::MODULE;

/// What makes this tool a witness.
pub(crate) const WITNESS: &str = "--witness";

/// Hears and works on the database at `url` until it is killed.
pub(crate) async fn testify(url: &str) -> Result<(), Failed> {
    let options: PgConnectOptions = url.parse()?;
    let database = Database::open(&Logins::trusted(options));
    let (ledger, own) = (database.module("ledger"), database.module(MODULE.name));
    let group = socle_events::Worker::new(hearing::subscription(), ledger, own.clone());
    let jobs = socle_jobs::Worker::new(own.clone(), echo::works(&own))
        .with_calendar(echo::calendar(), echo::nobody());
    tokio::join!(group.work(now, pending()), jobs.work(pending()), database.carry_bells());
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the edge is where handlers get their time")]
fn now() -> Timestamp {
    Timestamp::now()
}
