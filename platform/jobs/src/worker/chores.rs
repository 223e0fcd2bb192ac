//! What a worker does besides jobs: stays alive, watches over what runs, keeps the calendar, and
//! forgets what ended long ago.

use std::{error::Error, future::Future, sync::Arc, time::Duration};

use socle_db::SystemTx;
use socle_kernel::{Fault, Timestamp};
use socle_telemetry::{JobDepth, JobKind};
use tokio::{task::JoinSet, time};

use super::plant::{self, Plant};
use crate::{
    cron::Calendar,
    desk::{Desk, State},
    sql::{forget, look},
};

/// How often jobs that run hear of what was decided elsewhere, and their progress is told.
const WATCH: Duration = Duration::from_millis(500);

/// How often the calendar is turned, and how often its entries are compared with the tenants.
const TURN: Duration = Duration::from_secs(1);
const KEEP: Duration = Duration::from_secs(30);

/// How often queues are measured, and what ended long ago is forgotten.
const MEASURE: Duration = Duration::from_secs(10);
const FORGET: Duration = Duration::from_secs(30);

/// Jobs that are forgotten in one transaction.
const FORGOTTEN_MAX: u32 = 5_000;

/// For how long it is known for which times the calendar's entries were done: longer than a clock
/// is put back.
const FIRES_KEPT: Duration = Duration::from_hours(32 * 24);

/// Begins all of them; they end with what is returned.
pub(crate) fn begin(plant: &Arc<Plant>, calendar: Calendar) -> JoinSet<()> {
    let mut chores = JoinSet::new();
    let calendar = Arc::new(calendar);
    chores.spawn(every(plant.settings.lease / 6, "stay alive", plant, beat));
    chores.spawn(every(WATCH, "watch over jobs", plant, watch));
    chores.spawn(every(FORGET, "forget jobs", plant, forget_old));
    if plant.metrics.is_some() {
        plant.show();
        chores.spawn(every(MEASURE, "measure the queues", plant, measure));
    }
    if !calendar.is_empty() {
        let kept = Arc::clone(&calendar);
        chores.spawn(every(KEEP, "keep the calendar", plant, move |plant| {
            let calendar = Arc::clone(&kept);
            async move { calendar.keep(&plant.db, plant::now()).await }
        }));
        chores.spawn(every(TURN, "turn the calendar", plant, move |plant| {
            let calendar = Arc::clone(&calendar);
            async move { calendar.turn(&plant, plant::now()).await }
        }));
    }
    chores
}

/// Again and again; what fails is told once, until it has succeeded again.
fn every<F>(
    pause: Duration,
    what: &'static str,
    plant: &Arc<Plant>,
    chore: impl Fn(Arc<Plant>) -> F + Send + 'static,
) -> impl Future<Output = ()> + Send + 'static
where
    F: Future<Output = Result<(), Fault>> + Send,
{
    let plant = Arc::clone(plant);
    async move {
        let mut has_failed = false;
        loop {
            match chore(Arc::clone(&plant)).await {
                Ok(()) => has_failed = false,
                Err(fault) if has_failed => drop(fault),
                Err(fault) => {
                    has_failed = true;
                    tracing::warn!(error = &fault as &dyn Error, what, "a chore of jobs failed");
                }
            }
            time::sleep(pause).await;
        }
    }
}

async fn beat(plant: Arc<Plant>) -> Result<(), Fault> {
    plant.beat(plant::now()).await
}

async fn watch(plant: Arc<Plant>) -> Result<(), Fault> {
    plant.watch().await
}

async fn forget_old(plant: Arc<Plant>) -> Result<(), Fault> {
    forget_before(&plant, plant::now()).await
}

/// Forgets what ended longer ago than is kept.
pub(crate) async fn forget_before(plant: &Plant, now: Timestamp) -> Result<(), Fault> {
    let most = i64::from(FORGOTTEN_MAX);
    let before = |kept| ago(now, kept);
    let (jobs, fires) = (before(plant.settings.keep), before(FIRES_KEPT));
    loop {
        let forget = async |tx: &mut SystemTx| forget::forget(tx, jobs, most).await;
        if plant.db.run_system::<_, Fault>(forget).await? < u64::from(FORGOTTEN_MAX) {
            break;
        }
    }
    let forget = async |tx: &mut SystemTx| forget::forget_fires(tx, fires, most).await;
    plant.db.run_system(forget).await.map(drop)
}

fn ago(now: Timestamp, time: Duration) -> Timestamp {
    now.to_jiff().checked_sub(time).unwrap_or(jiff::Timestamp::MIN).into()
}

async fn measure(plant: Arc<Plant>) -> Result<(), Fault> {
    let Some((metrics, module)) = &plant.metrics else { return Ok(()) };
    let now = plant::now();
    let depths = Desk::new(plant.db.clone()).depths(now).await?;
    let depths = depths.iter().filter_map(|it| {
        let kind = plant.works.get(it.kind.as_str())?.kind;
        let of = JobKind { module, queue: it.queue.name(), kind };
        let age = it.oldest.map_or(Duration::ZERO, |oldest| since(oldest, now));
        Some(match it.state {
            State::Dead => JobDepth { of, waiting: 0, dead: it.jobs, age: Duration::ZERO },
            State::Waiting => JobDepth { of, waiting: it.jobs, dead: 0, age },
            _ => return None,
        })
    });
    metrics.jobs_measured(module, depths.collect());
    let late = async |tx: &mut SystemTx| look::lateness(tx, now).await;
    let late: Vec<(String, Timestamp)> = plant.db.run_system(late).await?;
    let late = late.iter().map(|it| since(it.1, now)).max().unwrap_or_default();
    metrics.cron_measured(module, late);
    Ok(())
}

fn since(then: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.to_jiff().duration_since(then.to_jiff())).unwrap_or(Duration::ZERO)
}
