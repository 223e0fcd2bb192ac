//! Enqueuing inside a caller's transaction.

use std::collections::HashMap;

use socle_db::Tx;
use socle_kernel::{Cx, Doing, Fault, Timestamp};
use tracing::Span;

use crate::{
    Job, JobId,
    sql::enqueue::{self, ENQUEUE, NewJob},
};

/// The most jobs of one call: a statement that stays within what PostgreSQL writes at once.
pub const JOBS_MAX: usize = 20_000;

/// The longest that a job's JSON may be.
const ARGS_BYTES_MAX: usize = 65_536;

/// How often the one before is looked for again, when it came while the statement ran.
const LOOKS_MAX: usize = 3;

/// What became of a job that was to be enqueued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enqueued {
    /// Its own identifier, or that of the one with its key which waits or runs already.
    pub id: JobId,
    pub is_new: bool,
}

/// Why a job cannot be written down.
#[derive(Debug, thiserror::Error)]
enum Unfit {
    #[error("{0} jobs at once are more than {JOBS_MAX}")]
    TooMany(usize),
    #[error("{kind} carries {bytes} bytes, more than {ARGS_BYTES_MAX}")]
    TooLong { kind: &'static str, bytes: usize },
    #[error("another {0} with its key came and went while this one was written")]
    ComeAndGone(&'static str),
}

/// Has `job` done if, and only if, the caller's transaction commits.
pub async fn enqueue<J: Job>(cx: &Cx, tx: &mut Tx, job: &J) -> Result<Enqueued, Fault> {
    enqueue_at(cx, tx, job, cx.now).await
}

/// Has `job` done at `at` or soon afterwards, under the same condition.
pub async fn enqueue_at<J: Job>(
    cx: &Cx,
    tx: &mut Tx,
    job: &J,
    at: Timestamp,
) -> Result<Enqueued, Fault> {
    let new = [written(cx, job, at)?];
    Ok(insert(cx, tx, &new).await?.remove(0))
}

/// Has all of them done, under the same condition; answers in their order.
pub async fn enqueue_all<J: Job>(cx: &Cx, tx: &mut Tx, jobs: &[J]) -> Result<Vec<Enqueued>, Fault> {
    if JOBS_MAX < jobs.len() {
        return Err(Fault::internal("enqueue the jobs", Unfit::TooMany(jobs.len())));
    }
    let new = jobs.iter().map(|it| written(cx, it, cx.now)).collect::<Result<Vec<_>, _>>()?;
    insert(cx, tx, &new).await
}

/// The job as it is written down.
pub(crate) fn written<J: Job>(cx: &Cx, job: &J, at: Timestamp) -> Result<NewJob, Fault> {
    let args = serde_json::to_string(job).doing("encode the job")?;
    if ARGS_BYTES_MAX < args.len() {
        let too_long = Unfit::TooLong { kind: J::KIND, bytes: args.len() };
        return Err(Fault::internal("enqueue the job", too_long));
    }
    Ok(NewJob {
        tenant: cx.tenant,
        id: cx.new_id(),
        kind: J::KIND,
        queue: J::QUEUE.name(),
        args,
        unique_key: job.unique_key(),
        attempts_max: attempts(J::RETRY.attempts),
        run_at: at,
        correlation: cx.correlation,
    })
}

fn attempts(of: u32) -> i16 {
    i16::try_from(of.max(1)).unwrap_or(i16::MAX)
}

async fn insert(cx: &Cx, tx: &mut Tx, jobs: &[NewJob]) -> Result<Vec<Enqueued>, Fault> {
    let (first_of, mut to_write) = first_of_each_key(jobs);
    let asker = asker(cx);
    let mut answers = HashMap::with_capacity(jobs.len());
    for _ in 0..LOOKS_MAX {
        for it in enqueue::enqueue(tx.template(ENQUEUE), &to_write, &asker).await? {
            if let Some(id) = it.id {
                answers.insert(it.asked, Enqueued { id, is_new: it.is_new });
            }
        }
        to_write.retain(|it| !answers.contains_key(&it.id));
        if to_write.is_empty() {
            break;
        }
    }
    if let Some(it) = to_write.first() {
        // Nothing is wrong with it: the whole call may be made again.
        return Err(Fault::collision("enqueue the job", Unfit::ComeAndGone(it.kind)));
    }
    let answer = |job: &NewJob| match first_of.get(&job.id) {
        Some(first) => Enqueued { is_new: false, ..answers[first] },
        None => answers[&job.id],
    };
    Ok(jobs.iter().map(answer).collect())
}

/// Of jobs of one call that share a key the first is written; what the others stand behind.
fn first_of_each_key(jobs: &[NewJob]) -> (HashMap<JobId, JobId>, Vec<NewJob>) {
    let (mut firsts, mut behind) = (HashMap::new(), HashMap::new());
    let mut to_write = Vec::with_capacity(jobs.len());
    for job in jobs {
        let first = job.unique_key.as_deref().map(|key| *firsts.entry(key).or_insert(job.id));
        match first {
            Some(first) if first != job.id => drop(behind.insert(job.id, first)),
            _ => to_write.push(job.clone()),
        }
    }
    (behind, to_write)
}

pub(crate) fn asker(cx: &Cx) -> enqueue::Asker {
    enqueue::Asker {
        at: cx.now,
        actortype: cx.actor.kind(),
        actorid: cx.actor.id(),
        onbehalfof: cx.actor.on_behalf_of(),
        causation: cx.causation,
        traceparent: socle_telemetry::traceparent(&Span::current()),
    }
}
