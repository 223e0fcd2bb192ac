//! Expiry of points and of holds: recorded when it has come, told of while it lies ahead.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use socle_jobs::{Job, Queue, Run};
use socle_kernel::{Doing, Fault, Retry};

use crate::Ledger;

/// Records what has expired in a tenant's accounts. One at a time, as all of these: the next one
/// would find it done.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ExpirePoints {}

/// Records which holds of all tenants the clock has ended.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ExpireHolds {}

/// Tells of the points of a tenant's customers that expire in the next days.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct AnnounceExpiries {}

impl Job for ExpirePoints {
    const KIND: &'static str = "ledger.expire-points";
    const QUEUE: Queue = Queue::Scheduled;
    const TIMEOUT: Duration = Duration::from_hours(2);

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}

impl Job for ExpireHolds {
    const KIND: &'static str = "ledger.expire-holds";
    const QUEUE: Queue = Queue::Scheduled;
    const RETRY: Retry = Retry::FIXED;

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}

impl Job for AnnounceExpiries {
    const KIND: &'static str = "ledger.warn-of-expiry";
    const QUEUE: Queue = Queue::Scheduled;
    const TIMEOUT: Duration = Duration::from_hours(1);

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}

/// Repeated it finds the rest: what was recorded is not due any more.
pub(super) async fn expire_points(ledger: Ledger, run: Run, _: ExpirePoints) -> Result<(), Fault> {
    let mut posted = 0;
    while !run.is_cancelled() {
        let part = ledger.expire_some(&run.cx).await.doing("record what has expired")?;
        let Some(part) = part else { break };
        posted += part as u64;
        run.progress(posted, 0, "transactions");
    }
    Ok(())
}

/// Repeated it finds the rest: what was recorded is not open any more.
pub(super) async fn expire_holds(ledger: Ledger, run: Run, _: ExpireHolds) -> Result<(), Fault> {
    let mut released = 0;
    while !run.is_cancelled() {
        let part = ledger.release_some(&run.cx).await.doing("record which holds have ended")?;
        let Some(part) = part else { break };
        released += part as u64;
        run.progress(released, 0, "holds");
    }
    Ok(())
}

/// Repeated it finds the rest: what was told of is noted in the commit that tells of it.
pub(super) async fn announce_expiries(
    ledger: Ledger,
    run: Run,
    _: AnnounceExpiries,
) -> Result<(), Fault> {
    let mut told = 0;
    while !run.is_cancelled() {
        let part = ledger.announce_some(&run.cx).await?;
        if part == 0 {
            break;
        }
        told += part as u64;
        run.progress(told, 0, "expiries");
    }
    Ok(())
}
