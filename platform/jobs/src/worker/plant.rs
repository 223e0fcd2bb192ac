//! What the parts of a worker share.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    error::Error,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use socle_db::{Db, SystemTx};
use socle_kernel::{Actor, Cx, Fault, Timestamp};
use socle_telemetry::{JobEnd, JobHands, JobKind, Metrics};
use uuid::Uuid;

use super::Settings;
use crate::{
    EVERY_TENANT, JobId, Queue, Work,
    failure::WORKER_LOST,
    run::{Claim, Ending, Order},
    sql::{finish, lease},
};

/// What a worker is made of.
#[derive(Debug)]
pub(crate) struct Plant {
    pub(crate) db: Db,
    pub(crate) works: BTreeMap<&'static str, Work>,
    pub(crate) settings: Settings,
    pub(crate) metrics: Option<(Metrics, &'static str)>,
    /// What this worker is called; drawn anew by each.
    pub(crate) id: Uuid,
    /// The jobs that run here.
    claims: Mutex<HashMap<JobId, Arc<Claim>>>,
    /// Everything that was taken and of which no end has been written down.
    held: Mutex<HashSet<JobId>>,
    /// What the database held for this worker at the last look and this worker did not know of.
    strangers: Mutex<HashSet<(JobId, i32)>>,
}

impl Plant {
    pub(crate) fn new(
        db: Db,
        works: Vec<Work>,
        settings: Settings,
        metrics: Option<(Metrics, &'static str)>,
    ) -> Self {
        let id = Cx::new(EVERY_TENANT, Actor::System("jobs"), now()).new_id::<()>().uuid();
        let works = works.into_iter().map(|it| (it.kind, it)).collect();
        let (claims, held, strangers) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { db, works, settings, metrics, id, claims, held, strangers }
    }

    pub(crate) fn holds(&self, ids: impl Iterator<Item = JobId>) {
        locked(&self.held).extend(ids);
    }

    pub(crate) fn lets_go(&self, ids: impl Iterator<Item = JobId>) {
        let mut held = locked(&self.held);
        for id in ids {
            held.remove(&id);
        }
    }

    pub(crate) fn claims(&self) -> MutexGuard<'_, HashMap<JobId, Arc<Claim>>> {
        locked(&self.claims)
    }

    /// Says that this worker is alive, and takes their jobs from those that are not.
    pub(crate) async fn beat(&self, now: Timestamp) -> Result<(), Fault> {
        let lease = self.settings.lease;
        let renew = async |tx: &mut SystemTx| lease::renew(tx, self.id, lease).await;
        self.db.run_system(renew).await?;
        self.rescue(now).await?;
        self.hand_strangers_back().await
    }

    /// Jobs can be taken unknowingly: the answer to the commit was lost with its connection. Nobody
    /// would rescue them while this worker lives. What is a stranger at two looks in a row was not
    /// just being taken at the first.
    async fn hand_strangers_back(&self) -> Result<(), Fault> {
        let held: Vec<JobId> = locked(&self.held).iter().copied().collect();
        let look = async |tx: &mut SystemTx| lease::strangers(tx, self.id, &held).await;
        let found: HashSet<_> = self.db.run_system::<_, Fault>(look).await?.into_iter().collect();
        let before = mem::replace(&mut *locked(&self.strangers), found.clone());
        let back: Vec<_> = found.intersection(&before).copied().collect();
        if !back.is_empty() {
            let hand = async |tx: &mut SystemTx| finish::hand_back(tx, &back).await;
            let jobs = self.db.run_system::<_, Fault>(hand).await?;
            tracing::warn!(jobs, "jobs were handed back that had been taken unknowingly");
        }
        Ok(())
    }

    pub(crate) async fn rescue(&self, now: Timestamp) -> Result<(), Fault> {
        let rescue = async |tx: &mut SystemTx| lease::rescue(tx, now, WORKER_LOST).await;
        let rescued: Vec<lease::Rescued> = self.db.run_system(rescue).await?;
        for it in &rescued {
            let (job, kind, is_dead) = (it.id, &it.kind, it.is_dead);
            tracing::warn!(%job, kind, is_dead, "a job was rescued from a worker that is lost");
            if let Some(work) = self.works.get(it.kind.as_str()) {
                let end = if it.is_dead { JobEnd::Dead } else { JobEnd::Retried };
                self.count(work, end, Duration::ZERO);
            }
        }
        Ok(())
    }

    /// Tells the database how far jobs have come, and the jobs what was decided about them there.
    pub(crate) async fn watch(&self) -> Result<(), Fault> {
        let claims: Vec<Arc<Claim>> = self.claims().values().cloned().collect();
        if claims.is_empty() {
            return Ok(());
        }
        let mine = claims.iter().map(|it| (it.id, it.fence, it.take_progress()));
        let mine: Vec<_> = mine.collect();
        let watch = async |tx: &mut SystemTx| lease::watch(tx, &mine).await;
        let told: Vec<lease::Told> = self.db.run_system(watch).await?;
        for (claim, it) in claims.iter().zip(told) {
            let claim = if claim.id == it.id { claim } else { continue };
            if it.is_lost || it.is_gone && !claim.is_finished() {
                claim.order(Order::End(Ending::Lost));
            } else if it.is_cancelled {
                claim.order(Order::Cancel);
            }
        }
        Ok(())
    }

    /// Ends the lease. What it still has others take over.
    pub(crate) async fn leave(&self) {
        let leave = async |tx: &mut SystemTx| lease::leave(tx, self.id).await;
        if let Err(fault) = self.db.run_system(leave).await {
            let error = &fault as &dyn Error;
            tracing::warn!(error, "the lease of a worker runs out by itself");
        }
    }

    pub(crate) fn count(&self, work: &Work, end: JobEnd, took: Duration) {
        if let Some((metrics, module)) = &self.metrics {
            let (queue, kind) = (work.queue.name(), work.kind);
            metrics.job_ended(JobKind { module, queue, kind }, end, took);
        }
    }

    /// The kinds that can be done here, of all queues.
    pub(crate) fn kinds(&self) -> Vec<&'static str> {
        self.works.keys().copied().collect()
    }

    pub(crate) fn count_fire(&self, entry: &'static str, at: Timestamp, now: Timestamp) {
        if let Some((metrics, module)) = &self.metrics {
            let late = Duration::try_from(now.to_jiff().duration_since(at.to_jiff()));
            metrics.cron_fired(module, entry, late.unwrap_or(Duration::ZERO));
        }
    }

    /// Shows what can be done here, and how busy the hands are.
    pub(crate) fn show(&self) {
        let Some((metrics, module)) = &self.metrics else { return };
        for work in self.works.values() {
            metrics.job_known(JobKind { module, queue: work.queue.name(), kind: work.kind });
        }
        let (module, slots) = (*module, self.settings.slots.clone());
        metrics.watch_job_hands(move || {
            let hands = Queue::ALL.map(|queue| {
                let idle = slots.free(queue);
                let busy = slots.all(queue).saturating_sub(idle);
                JobHands { module, queue: queue.name(), busy, idle }
            });
            hands.into()
        });
    }
}

/// What is behind the lock is whole after every step, whoever panicked.
fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

#[expect(clippy::disallowed_methods, reason = "a worker is an edge: its jobs get their time here")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}
