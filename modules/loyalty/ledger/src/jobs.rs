//! What the ledger does by itself, and when. Each bears repetition and says why.

mod expiry;
mod forgetting;
mod verifying;

use std::future::Future;

use socle_jobs::{Cron, Job, Run, Work, Zone};
use socle_kernel::Fault;

use crate::Ledger;
use expiry::{AnnounceExpiries, ExpireHolds, ExpirePoints};
use forgetting::{ForgetKeys, ForgetReports};
use verifying::VerifyBooks;

/// How each kind of job is done.
#[must_use]
pub fn works(ledger: &Ledger) -> Vec<Work> {
    vec![
        work(ledger, expiry::expire_points),
        work(ledger, expiry::expire_holds),
        work(ledger, expiry::announce_expiries),
        work(ledger, verifying::verify_tenant),
        work(ledger, verifying::verify_books),
        work(ledger, forgetting::forget_keys),
        work(ledger, forgetting::forget_reports),
    ]
}

/// When each is done that nobody asks for.
#[must_use]
pub fn crons() -> Vec<Cron> {
    let (all, each) = (Zone::System, Zone::OfTenant);
    vec![
        Cron::new("ledger.expire-points", "0 1 * * *", each, || ExpirePoints {}),
        Cron::new("ledger.expire-holds", "* * * * *", all, || ExpireHolds {}),
        Cron::new("ledger.warn-of-expiry", "0 8 * * *", each, || AnnounceExpiries {}),
        Cron::new("ledger.verify-books", "0 3 * * *", all, || VerifyBooks {}),
        Cron::new("ledger.forget-keys", "*/10 * * * *", all, || ForgetKeys {}),
        Cron::new("ledger.forget-reports", "30 3 * * *", each, || ForgetReports {}),
    ]
}

fn work<J: Job, F>(
    ledger: &Ledger,
    handler: impl Fn(Ledger, Run, J) -> F + Send + Sync + 'static,
) -> Work
where
    F: Future<Output = Result<(), Fault>> + Send + 'static,
{
    let ledger = ledger.clone();
    Work::new(move |run, job| handler(ledger.clone(), run, job))
}
