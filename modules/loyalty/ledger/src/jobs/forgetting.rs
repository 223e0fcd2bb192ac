//! What is not kept for ever.

use serde::{Deserialize, Serialize};
use socle_jobs::{Job, Queue, Run};
use socle_kernel::{Doing, Fault, Retry};

use crate::Ledger;

/// Forgets the keys of yesterday's requests, of all tenants.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ForgetKeys {}

/// Forgets a tenant's reports of a quarter of a year ago.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ForgetReports {}

impl Job for ForgetKeys {
    const KIND: &'static str = "ledger.forget-keys";
    const QUEUE: Queue = Queue::Scheduled;
    const RETRY: Retry = Retry::FIXED;

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}

impl Job for ForgetReports {
    const KIND: &'static str = "ledger.forget-reports";
    const QUEUE: Queue = Queue::Scheduled;

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}

/// Repeated it finds the rest: what was forgotten stays so.
pub(super) async fn forget_keys(ledger: Ledger, run: Run, _: ForgetKeys) -> Result<(), Fault> {
    ledger.forget_keys(run.cx.now).await.map(drop).doing("forget the keys of yesterday's requests")
}

/// Repeated it finds the rest: what was forgotten stays so.
pub(super) async fn forget_reports(
    ledger: Ledger,
    run: Run,
    _: ForgetReports,
) -> Result<(), Fault> {
    ledger.forget_reports(&run.cx).await.map(drop)
}
