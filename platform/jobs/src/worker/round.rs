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
    /// How many jobs are wanted of each queue.
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

pub(crate) async fn look(plant: Arc<Plant>, asked: Asked, now: Timestamp) -> Result<Come, Fault> {
    let found = find(&plant, &asked).await?;
    let mut parts: Vec<Part> = found.iter().filter_map(|it| part_of(&asked, *it)).collect();
    parts.extend_from_slice(&asked.parts);
    let most: usize = asked.wanted.iter().map(|it| 2 * it.1).sum();
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let kinds = plant.kinds();
    let taker = Taker { worker: plant.id, now, kinds: &kinds };
    let take = async |tx: &mut SystemTx| fetch::take(tx, taker, &parts, most).await;
    let taken: Vec<Taken> = plant.db.run_system(take).await?;
    failpoint("jobs.taken");
    let is_cut = i64::try_from(taken.len()).is_ok_and(|it| most <= it);
    Ok(Come { found, parts, taken, is_cut })
}

async fn find(plant: &Plant, asked: &Asked) -> Result<Vec<(Queue, TenantId)>, Fault> {
    if asked.gaps.is_empty() {
        return Ok(Vec::new());
    }
    let find = async |tx: &mut SystemTx| fetch::discover(tx, &asked.gaps, FOUND_MAX).await;
    let found: Result<Vec<(String, TenantId)>, Fault> = plant.db.run_system(find).await;
    Ok(found?.into_iter().filter_map(|(queue, it)| Some((queue.parse().ok()?, it))).collect())
}

/// Whoever is new is asked for a little, before the others.
fn part_of(asked: &Asked, (queue, tenant): (Queue, TenantId)) -> Option<Part> {
    let wanted = asked.wanted.iter().find(|it| it.0 == queue)?.1;
    let take = i32::try_from((wanted / 8).max(1)).unwrap_or(1);
    let run_at = jiff::Timestamp::UNIX_EPOCH.into();
    let id = crate::JobId::from_uuid(uuid::Uuid::nil());
    Some(Part { queue: queue.name(), tenant, behind: Place { run_at, id }, take })
}
