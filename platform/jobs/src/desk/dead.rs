//! Dead letters: jobs that failed for good.

use socle_db::SystemTx;
use socle_kernel::{Fault, TenantId, Timestamp};
use uuid::Uuid;

use super::{Desk, Filter, PAGE_MAX};
use crate::{
    JobId,
    sql::{
        act::{self, Hand},
        look,
    },
};

/// A job that failed for good, in the terms that it shares with events that did.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Dead {
    #[sqlx(rename = "tenant_id")]
    pub tenant: TenantId,
    pub id: JobId,
    pub kind: String,
    /// Where it waited.
    pub queue: String,
    /// A code such as `jobs.timed-out`.
    pub reason: String,
    #[sqlx(rename = "attempt")]
    pub attempts: i16,
    /// The outermost first.
    pub causes: Vec<String>,
    pub failed_at: Timestamp,
}

impl Desk {
    /// A page of dead letters, the oldest first; the next one begins behind the last of this one.
    /// The filter's queue and state are not looked at.
    pub async fn dead(&self, filter: &Filter, behind: Option<&Dead>) -> Result<Vec<Dead>, Fault> {
        let first = (jiff::Timestamp::UNIX_EPOCH.into(), JobId::from_uuid(Uuid::nil()));
        let behind = behind.map_or(first, |it| (it.failed_at, it.id));
        self.db
            .run_system(async |tx: &mut SystemTx| look::dead(tx, filter, behind, PAGE_MAX).await)
            .await
    }

    /// Has dead letters done again, with all their attempts; returns those that are. One whose
    /// place has been taken by another with its key stays dead.
    pub async fn replay(
        &self,
        ids: &[JobId],
        by: &str,
        now: Timestamp,
    ) -> Result<Vec<JobId>, Fault> {
        let hand = &Hand { by, at: now };
        let replay = async |tx: &mut SystemTx| act::replay(tx, ids, hand).await;
        let done: Result<Vec<(JobId,)>, Fault> = self.db.run_system(replay).await;
        Ok(done?.into_iter().map(|it| it.0).collect())
    }

    /// Gives dead letters up; returns those that there were. They can be found for another day.
    pub async fn discard(
        &self,
        ids: &[JobId],
        by: &str,
        now: Timestamp,
    ) -> Result<Vec<JobId>, Fault> {
        let hand = &Hand { by, at: now };
        let discard = async |tx: &mut SystemTx| act::discard(tx, ids, hand).await;
        let done: Result<Vec<(JobId,)>, Fault> = self.db.run_system(discard).await;
        Ok(done?.into_iter().map(|it| it.0).collect())
    }
}
