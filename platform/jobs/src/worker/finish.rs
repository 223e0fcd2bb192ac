//! Writing down what came of attempts: whatever has gathered while the last commit was made.

use std::{error::Error, sync::Arc, time::Duration};

use socle_db::{SystemTx, failpoint};
use socle_kernel::{Fault, Kind};
use tokio::{sync::mpsc, time};

use super::{
    attempt::{Ended, Outcome},
    plant::Plant,
};
use crate::sql::finish::{self, END, Failed};

/// Attempts that are written down together at most.
const BATCH_MAX: usize = 2_000;

/// The first and the longest pause while the database is away; between them it doubles.
const PAUSE_MIN: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Until nobody tells of any more.
pub(crate) async fn finish(plant: Arc<Plant>, mut told: mpsc::Receiver<Ended>) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    while 0 < told.recv_many(&mut batch, BATCH_MAX).await {
        write(&plant, &batch).await;
        batch.clear();
    }
}

/// As often as it takes while the database is away: a job that others have got meanwhile is fenced.
async fn write(plant: &Plant, batch: &[Ended]) {
    let mut pause = PAUSE_MIN;
    loop {
        match commit(plant, batch).await {
            Ok(()) => return,
            Err(fault) if fault.kind() == Kind::Unavailable => {
                tracing::warn!(error = &fault as &dyn Error, "the end of jobs is written again");
                time::sleep(pause).await;
                pause = (pause * 2).min(PAUSE_MAX);
            }
            Err(fault) if batch.len() == 1 => {
                let (error, job) = (&fault as &dyn Error, batch[0].id);
                // It is done again: what is not held is handed back.
                plant.lets_go(batch.iter().map(|it| it.id));
                return tracing::error!(error, %job, "the end of a job cannot be written down");
            }
            Err(_) => {
                let (left, right) = batch.split_at(batch.len() / 2);
                Box::pin(write(plant, left)).await;
                return Box::pin(write(plant, right)).await;
            }
        }
    }
}

/// In one commit.
pub(crate) async fn commit(plant: &Plant, batch: &[Ended]) -> Result<(), Fault> {
    let Some(last) = batch.last() else { return Ok(()) };
    let (mut ended, mut back, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    for it in batch {
        match &it.outcome {
            Outcome::Done => ended.push((it.id, it.fence, "done")),
            Outcome::Cancelled => ended.push((it.id, it.fence, "cancelled")),
            Outcome::HandedBack => back.push((it.id, it.fence)),
            Outcome::Lost => {}
            Outcome::Failed(failure, next_at) => failed.push(Failed {
                id: it.id,
                fence: it.fence,
                next_at: *next_at,
                reason: failure.reason,
                causes: failure.causes.clone(),
            }),
        }
    }
    let write = async |tx: &mut SystemTx| -> Result<(), Fault> {
        if !ended.is_empty() {
            finish::end(tx.template(END), &ended, last.at).await?;
        }
        if !failed.is_empty() {
            finish::fail(tx, &failed, last.at).await?;
        }
        if !back.is_empty() {
            finish::hand_back(tx, &back).await?;
        }
        failpoint("jobs.finishing");
        Ok(())
    };
    plant.db.run_system(write).await?;
    plant.lets_go(batch.iter().map(|it| it.id));
    failpoint("jobs.finished");
    Ok(())
}
