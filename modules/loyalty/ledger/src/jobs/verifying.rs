//! Verifying: all books each night, a tenant's when somebody asks.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use socle_books::InspectionId;
use socle_jobs::{Job, Queue, Run};
use socle_kernel::{Fault, Retry};

use crate::{Ledger, app::VerifyTenant};

/// Verifies the books of all tenants, and keeps what it found.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct VerifyBooks {}

impl Job for VerifyBooks {
    const KIND: &'static str = "ledger.verify-books";
    const QUEUE: Queue = Queue::Scheduled;
    const RETRY: Retry = Retry::FIXED;
    const TIMEOUT: Duration = Duration::from_hours(6);

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}

/// Repeated it looks again; what it found is kept once, under the name of the job.
pub(super) async fn verify_books(ledger: Ledger, run: Run, _: VerifyBooks) -> Result<(), Fault> {
    let told = |done, total, check: &str| run.progress(done, total, check);
    let id = InspectionId::from_uuid(run.id.uuid());
    let it = ledger.inspect((&run.cx, id), &told).await?;
    if !it.is_in_order() {
        let (conserved, differences) = (it.is_conserved, it.differences);
        tracing::error!(job = %id, conserved, differences, "the books contradict themselves");
    }
    Ok(())
}

/// Repeated it looks again; of two that end the first is told.
pub(super) async fn verify_tenant(
    ledger: Ledger,
    run: Run,
    VerifyTenant { verification }: VerifyTenant,
) -> Result<(), Fault> {
    let told = |done, total, check: &str| run.progress(done, total, check);
    let done = ledger.do_verification(&run.cx, verification, &told).await;
    if done.is_err() && VerifyTenant::RETRY.attempts <= run.attempt {
        ledger.fail_verification(&run.cx, verification).await?;
    }
    done
}
