//! Verifications: asked for by one request, done as a job, looked at until they are done.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use socle_books::{
    Inspection, InspectionId,
    verify::{self, Announced, Progress, Report, Tenants},
};
use socle_db::Tx;
use socle_jobs::{Job, Queue};
use socle_kernel::{Cx, Event, Fault, Retry};
use socle_ledger_contract::TransactionPosted;

use super::Ledger;
use crate::{
    Error,
    domain::{Findings, Verification, VerificationId, VerificationState},
    store,
};

/// How many of a tenant may wait: each walks through all of its entries.
pub const VERIFICATIONS_MAX: usize = 100;

/// Has a tenant's books verified, as somebody asked.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct VerifyTenant {
    pub(crate) verification: VerificationId,
}

impl Job for VerifyTenant {
    const KIND: &'static str = "ledger.verify-tenant";
    const QUEUE: Queue = Queue::Low;
    const RETRY: Retry = Retry { attempts: 3, ..Retry::FIXED };
    const TIMEOUT: Duration = Duration::from_hours(1);
}

const ANNOUNCED: Announced = Announced::Each(TransactionPosted::TYPE);

impl Ledger {
    /// Recomputes everything from the entries, and compares: sums, running balances, roll-ups,
    /// lots and their expiry, holds, purchases, and what each transaction's event tells.
    pub async fn verify(&self, of: Tenants) -> Result<Report, Error> {
        Ok(verify::verify(&self.db, of, ANNOUNCED, store::CHECKS).await?)
    }

    /// Verifies the books of all tenants, and keeps what it found under this identifier.
    pub(crate) async fn inspect(
        &self,
        of: (&Cx, InspectionId),
        told: Progress<'_>,
    ) -> Result<Inspection, Fault> {
        socle_books::inspect(&self.db, of, ANNOUNCED, (store::CHECKS, told)).await
    }

    /// The latest inspection of all tenants' books, if there has been one.
    pub async fn last_inspection(&self) -> Result<Option<Inspection>, Fault> {
        socle_books::last_inspection(&self.db).await
    }

    /// Has the tenant's books verified, some time soon.
    pub async fn ask_verification(&self, cx: &Cx) -> Result<Verification, Error> {
        let state = VerificationState::Waiting;
        let asked = Verification { id: cx.new_id(), state, asked_at: cx.now, found: None };
        let (new, job) = (&asked, &VerifyTenant { verification: asked.id });
        self.db
            .run(cx, async |tx: &mut Tx| {
                if !store::insert_verification(tx, new, VERIFICATIONS_MAX).await? {
                    return Err(Error::VerificationsWaiting { max: VERIFICATIONS_MAX });
                }
                socle_jobs::enqueue(cx, tx, job).await?;
                Ok(())
            })
            .await?;
        Ok(asked)
    }

    /// A verification as it stands.
    pub async fn verification(&self, cx: &Cx, id: VerificationId) -> Result<Verification, Error> {
        Ok(store::find_verification(self.db.read(cx), id).await?.at(cx.now))
    }

    /// Does a verification that was asked for; repeating it harms nothing, for it only reads.
    pub(crate) async fn do_verification(
        &self,
        cx: &Cx,
        id: VerificationId,
        told: Progress<'_>,
    ) -> Result<(), Fault> {
        self.note(cx, id, (VerificationState::Running, None)).await?;
        let (of, own) = (Tenants::Only(cx.tenant), (store::CHECKS, told));
        let report = verify::verify_telling(&self.db, of, ANNOUNCED, own).await?;
        self.note(cx, id, (VerificationState::Done, Some(report.into()))).await
    }

    /// Gives a verification up.
    pub(crate) async fn fail_verification(&self, cx: &Cx, id: VerificationId) -> Result<(), Fault> {
        self.note(cx, id, (VerificationState::Failed, None)).await
    }

    async fn note(
        &self,
        cx: &Cx,
        id: VerificationId,
        news: (VerificationState, Option<Findings>),
    ) -> Result<(), Fault> {
        let (state, found) = (news.0, news.1.as_ref());
        let work = async |tx: &mut Tx| store::note_verification(tx, id, state, found).await;
        self.db.run(cx, work).await
    }
}
