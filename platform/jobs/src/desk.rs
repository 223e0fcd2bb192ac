//! What those who operate see of a module's jobs, and do with them.

mod dead;
mod seen;

use std::collections::BTreeMap;

use socle_db::{Db, SystemTx};
use socle_kernel::{Common, Fault, TenantId, Timestamp};
use uuid::Uuid;

use crate::{
    JobId, Queue,
    sql::{
        act::{self, Hand},
        cron, look,
    },
};

pub use dead::Dead;
pub use seen::{CronEntry, Depth, Filter, Pause, Seen, State};

/// The most that one page has.
pub const PAGE_MAX: i64 = 200;

/// Jobs of one queue that are counted at most.
pub(crate) const COUNTED_MAX: i64 = 10_000;

/// How often a job is looked at again that changed hands while it was to be cancelled.
const LOOKS_MAX: usize = 5;

/// The jobs of one module, of all tenants, as those who operate see them.
#[derive(Debug, Clone)]
pub struct Desk {
    db: Db,
}

/// What cancelling a job has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelled {
    /// It waited and will not be done.
    Ended,
    /// It runs and has been asked to end; it is ended if it does not.
    Asked,
    /// It neither waits nor runs.
    NotThere,
}

impl Desk {
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// The job, until a day after its end.
    pub async fn find(&self, id: JobId) -> Result<Seen, Common> {
        let filter = Filter::default();
        let page = async |tx: &mut SystemTx| look::jobs(tx, &filter, id, 1).await;
        let found = self.db.run_system(page).await?.pop().filter(|it| it.id == id);
        found.ok_or_else(|| Common::NotFound(format!("job {id}")))
    }

    /// A page of jobs, the newest first; the next one begins before the last job of this one.
    pub async fn list(&self, filter: &Filter, before: Option<JobId>) -> Result<Vec<Seen>, Fault> {
        let from =
            before.map_or(Uuid::max(), |it| Uuid::from_u128(it.uuid().as_u128().saturating_sub(1)));
        let from = JobId::from_uuid(from);
        self.db
            .run_system(async |tx: &mut SystemTx| look::jobs(tx, filter, from, PAGE_MAX).await)
            .await
    }

    /// How many jobs each queue has, by kind and state; of those that are due the first
    /// ten thousand of a queue are counted.
    pub async fn depths(&self, now: Timestamp) -> Result<Vec<Depth>, Fault> {
        let queues = Queue::ALL.map(Queue::name);
        let rows = self.db.run_system(async |tx: &mut SystemTx| {
            look::depths(tx, &queues, now, COUNTED_MAX).await
        });
        Ok(rows.await?.into_iter().filter_map(Depth::of).collect())
    }

    /// Ends a job that waits; asks one that runs to end.
    pub async fn cancel(&self, id: JobId, by: &str, now: Timestamp) -> Result<Cancelled, Fault> {
        let hand = &Hand { by, at: now };
        for _ in 0..LOOKS_MAX {
            let cancel = async |tx: &mut SystemTx| act::cancel(tx, id, hand).await;
            match self.db.run_system::<_, Fault>(cancel).await? {
                (true, _) => return Ok(Cancelled::Ended),
                (_, true) => return Ok(Cancelled::Asked),
                _ => {}
            }
        }
        Ok(Cancelled::NotThere)
    }

    /// Has a job that waits for its time done now; returns whether there is one.
    pub async fn run_now(&self, id: JobId, by: &str, now: Timestamp) -> Result<bool, Fault> {
        let hand = &Hand { by, at: now };
        self.db.run_system(async |tx: &mut SystemTx| act::hurry(tx, id, hand).await).await
    }

    /// Takes no more jobs from this queue of the module; what runs goes on.
    pub async fn pause(&self, queue: Queue, by: &str, now: Timestamp) -> Result<bool, Fault> {
        let hand = &Hand { by, at: now };
        self.db.run_system(async |tx: &mut SystemTx| act::pause(tx, queue, hand).await).await
    }

    /// Takes jobs from this queue again; returns whether it was paused.
    pub async fn resume(&self, queue: Queue) -> Result<bool, Fault> {
        self.db.run_system(async |tx: &mut SystemTx| act::resume(tx, queue).await).await
    }

    /// The queues that are paused, since when and by whom.
    pub async fn paused(&self) -> Result<BTreeMap<Queue, Pause>, Fault> {
        let rows = self.db.run_system(async |tx: &mut SystemTx| look::pauses(tx).await).await?;
        let known = rows.into_iter().filter_map(|(queue, paused_at, paused_by)| {
            Some((queue.parse().ok()?, Pause { paused_at, paused_by }))
        });
        Ok(known.collect())
    }

    /// A page of the calendar, by name and tenant; the next one begins behind the last entry.
    pub async fn crons(&self, behind: Option<(&str, TenantId)>) -> Result<Vec<CronEntry>, Fault> {
        let behind = behind.unwrap_or(("", crate::EVERY_TENANT));
        self.db.run_system(async |tx: &mut SystemTx| cron::list(tx, behind, PAGE_MAX).await).await
    }

    /// Holds up an entry of the calendar; returns whether there is one.
    pub async fn pause_cron(
        &self,
        entry: (&str, TenantId),
        by: &str,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let paused = Some((now, by));
        self.db.run_system(async |tx: &mut SystemTx| cron::pause(tx, entry, paused).await).await
    }

    /// Lets an entry of the calendar go on; what it missed is done once, or not, as it says.
    pub async fn resume_cron(&self, entry: (&str, TenantId)) -> Result<bool, Fault> {
        self.db.run_system(async |tx: &mut SystemTx| cron::pause(tx, entry, None).await).await
    }

    /// Has an entry of the calendar done once more, within a second; returns whether there is one.
    pub async fn run_cron_now(
        &self,
        entry: (&str, TenantId),
        by: &str,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        self.db.run_system(async |tx: &mut SystemTx| cron::ask(tx, entry, (now, by)).await).await
    }
}
