//! One look at the database: who has jobs, and those that are due.

use std::sync::Arc;

use socle_db::{SystemTx, failpoint};
use socle_kernel::{Fault, TenantId, Timestamp};

use super::plant::Plant;
use crate::{
    Queue,
    sql::fetch::{self, Gap, Part, Place, Taken, Taker},
};

/// Tenants that one look finds at most.
const FOUND_MAX: i64 = 1_000;

/// What is asked for.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pub(crate) parts: Vec<Part>,
    /// Empty when nobody new is looked for.
    pub(crate) gaps: Vec<Gap>,
    /// How many jobs are wanted of each queue; twice as many may come, so that a worker that
    /// is fast becomes faster.
    pub(crate) wanted: Vec<(Queue, usize)>,
}

/// What has come.
#[derive(Debug)]
pub(crate) struct Come {
    pub(crate) found: Vec<(Queue, TenantId)>,
    pub(crate) parts: Vec<Part>,
    pub(crate) taken: Vec<Taken>,
    /// There may be more than there was room for.
    pub(crate) is_cut: bool,
}

/// In one transaction, so that a look is four round trips at most.
pub(crate) async fn look(plant: Arc<Plant>, asked: Asked, now: Timestamp) -> Result<Come, Fault> {
    let most: usize = asked.wanted.iter().map(|it| 2 * it.1).sum();
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let kinds = plant.kinds();
    let by = Taker { worker: plant.id, now, kinds: &kinds };
    let look = async |tx: &mut SystemTx| -> Result<Come, Fault> {
        let found = find(tx, &asked).await?;
        let mut parts: Vec<Part> = found.iter().filter_map(|it| part_of(&asked, *it)).collect();
        parts.extend_from_slice(&asked.parts);
        let taken = fetch::take(tx, by, &parts, most).await?;
        let is_cut = i64::try_from(taken.len()).is_ok_and(|it| most <= it);
        Ok(Come { found, parts, taken, is_cut })
    };
    let come = plant.db.run_system(look).await;
    failpoint("jobs.taken");
    come.inspect(|it| plant.holds(it.taken.iter().map(|it| it.id)))
}

async fn find(tx: &mut SystemTx, asked: &Asked) -> Result<Vec<(Queue, TenantId)>, Fault> {
    if asked.gaps.is_empty() {
        return Ok(Vec::new());
    }
    let found = fetch::discover(tx, &asked.gaps, FOUND_MAX).await?;
    Ok(found.into_iter().filter_map(|(queue, it)| Some((queue.parse().ok()?, it))).collect())
}

/// Whoever is new is asked for a little, before the others.
fn part_of(asked: &Asked, (queue, tenant): (Queue, TenantId)) -> Option<Part> {
    let wanted = asked.wanted.iter().find(|it| it.0 == queue)?.1;
    let take = i32::try_from((wanted / 8).max(1)).unwrap_or(1);
    let run_at = jiff::Timestamp::UNIX_EPOCH.into();
    let id = crate::JobId::from_uuid(uuid::Uuid::nil());
    Some(Part { queue: queue.name(), tenant, behind: Place { run_at, id }, take })
}
