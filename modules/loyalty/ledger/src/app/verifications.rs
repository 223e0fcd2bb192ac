//! Verifications: the row is the truth, the queue of this process is what it does next.
//!
//! A process that dies takes its queue with it. Whoever looks at a verification after its lease
//! puts it into a queue again; doing it twice harms nothing, for it only reads.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use socle_books::verify::Tenants;
use socle_db::Tx;
use socle_kernel::{Cx, Fault};

use super::Ledger;
use crate::{
    Error,
    domain::{Findings, LEASE_MINUTES, Verification, VerificationId, VerificationState},
    store,
};

/// How many may wait in one process: each walks through all entries of a tenant.
pub const VERIFICATIONS_MAX: usize = 100;

const LEASE: Duration = Duration::from_mins(LEASE_MINUTES);

/// What waits in this process, and for whom.
#[derive(Debug, Clone, Default)]
pub(super) struct Queue(Arc<Mutex<VecDeque<(Cx, VerificationId)>>>);

impl Queue {
    /// Several at once may find room for the last; a few more do not matter.
    fn has_room(&self) -> Result<(), Error> {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner).len();
        let full = Error::VerificationsWaiting { max: VERIFICATIONS_MAX };
        if waiting < VERIFICATIONS_MAX { Ok(()) } else { Err(full) }
    }

    fn add(&self, cx: &Cx, id: VerificationId) {
        // It is worked on when the request that asked for it has long been answered.
        let mut cx = cx.clone();
        cx.deadline = None;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back((cx, id));
    }

    fn next(&self) -> Option<(Cx, VerificationId)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

impl Ledger {
    /// Has the tenant's books verified, some time soon.
    pub async fn ask_verification(&self, cx: &Cx) -> Result<Verification, Error> {
        self.waiting.has_room()?;
        let asked = Verification {
            id: cx.new_id(),
            state: VerificationState::Waiting,
            asked_at: cx.now,
            leased_until: cx.now.after(LEASE),
            found: None,
        };
        let new = &asked;
        let work = async |tx: &mut Tx| store::insert_verification(tx, new).await;
        self.db.run::<_, Fault>(cx, work).await?;
        self.waiting.add(cx, asked.id);
        Ok(asked)
    }

    /// A verification as it stands; one whose process died is done again.
    pub async fn verification(&self, cx: &Cx, id: VerificationId) -> Result<Verification, Error> {
        let found = store::find_verification(self.db.read(cx), id).await?;
        if found.is_abandoned(cx.now) && self.waiting.has_room().is_ok() {
            let lease = (cx.now, cx.now.after(LEASE));
            let work = async |tx: &mut Tx| store::lease_verification(tx, id, lease).await;
            // One of several who look at the same moment gets it.
            if self.db.run::<_, Fault>(cx, work).await? {
                self.waiting.add(cx, id);
            }
        }
        Ok(found)
    }

    /// Does what waits in this process, one after the other.
    pub async fn verify_waiting(&self) -> Result<(), Fault> {
        while let Some((cx, id)) = self.waiting.next() {
            self.note(&cx, id, (VerificationState::Running, None)).await?;
            match self.verify(Tenants::Only(cx.tenant)).await {
                Ok(report) => {
                    let found = Some(Findings::from(report));
                    self.note(&cx, id, (VerificationState::Done, found)).await?;
                }
                Err(error) => {
                    self.note(&cx, id, (VerificationState::Failed, None)).await?;
                    return Err(Fault::internal("verify the books", error));
                }
            }
        }
        Ok(())
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
