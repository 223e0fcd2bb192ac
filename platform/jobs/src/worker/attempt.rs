//! One attempt, from its beginning to what came of it.

use std::{
    collections::hash_map::DefaultHasher,
    error::Error,
    hash::{Hash, Hasher},
    panic::AssertUnwindSafe,
    sync::Arc,
    time::Instant,
};

use futures_util::FutureExt;
use socle_db::failpoint;
use socle_kernel::{Actor, Cx, Fault, Timestamp};
use socle_telemetry::{JobEnd, PanicPlace, resume_trace};
use tokio::time;
use tracing::{Instrument, Span};

use super::plant::Plant;
use crate::{
    JobId, Run, Work,
    failure::Failure,
    run::{Claim, Ending},
    sql::fetch::Taken,
};

/// What came of an attempt.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) id: JobId,
    pub(crate) fence: i32,
    pub(crate) at: Timestamp,
    pub(crate) outcome: Outcome,
}

#[derive(Debug)]
pub(crate) enum Outcome {
    Done,
    Cancelled,
    HandedBack,
    /// Others have it; nothing is written.
    Lost,
    /// To be tried again at a time, or never.
    Failed(Failure, Option<Timestamp>),
}

/// Does the job once. `clock` tells the time when it ends.
pub(crate) async fn attempt(
    plant: Arc<Plant>,
    taken: Taken,
    begun_at: Timestamp,
    clock: fn(Timestamp) -> Timestamp,
) -> Ended {
    let work = &plant.works[taken.kind.as_str()];
    let claim = Arc::new(Claim::new(taken.id, taken.fence));
    plant.claims().insert(taken.id, Arc::clone(&claim));
    let began = Instant::now();
    let span = span(work, &taken);
    let outcome = run(&plant, work, (&taken, &claim), begun_at).instrument(span.clone()).await;
    plant.claims().remove(&taken.id);
    failpoint("jobs.ran");
    let at = clock(begun_at);
    let outcome = span.in_scope(|| told(work, (&taken, outcome), at));
    plant.count(work, end_of(&outcome), began.elapsed());
    Ended { id: taken.id, fence: taken.fence, at, outcome }
}

fn span(work: &Work, taken: &Taken) -> Span {
    let (queue, attempt, job) = (work.queue.name(), taken.attempt, taken.id);
    let kind = work.kind;
    let status = tracing::field::Empty;
    let span = tracing::info_span!("job", kind, queue, attempt, %job, otel.status_code = status);
    if let Some(traceparent) = &taken.traceparent {
        resume_trace(&span, traceparent);
    }
    span
}

/// What an attempt came to before it is known whether there is another.
enum Came {
    Done,
    Failed(Failure),
    Ended(Ending),
}

async fn run(
    plant: &Plant,
    work: &Work,
    (taken, claim): (&Taken, &Arc<Claim>),
    now: Timestamp,
) -> Came {
    if taken.is_cancelled {
        return Came::Ended(Ending::Cancelled);
    }
    let mut cx = Cx::new(taken.tenant_id, Actor::System(work.kind), now);
    cx.correlation = taken.correlationid;
    cx.causation = Some(taken.id.uuid());
    cx.deadline = Some(now.after(work.timeout));
    let attempt = u32::try_from(taken.attempt).unwrap_or(1);
    let run = Run { cx, id: taken.id, attempt, claim: Arc::clone(claim) };
    // What decodes may panic as well.
    let handler = AssertUnwindSafe(async {
        match (work.begin)(run, &taken.args) {
            Ok(handler) => handler.await.map_err(|fault| failed(&fault)),
            Err(error) => Err(Failure::of_args(&error)),
        }
    });
    tokio::select! {
        done = handler.catch_unwind() => match done {
            Ok(_) if claim.is_cancelled() && !claim.is_finished() => {
                Came::Ended(Ending::Cancelled)
            }
            Ok(Ok(())) => Came::Done,
            Ok(Err(failure)) => Came::Failed(failure),
            Err(panic) => {
                let metrics = plant.metrics.as_ref();
                metrics.inspect(|it| it.0.panicked(PanicPlace::Background));
                Came::Failed(Failure::of_panic(&*panic))
            }
        },
        ending = claim.ended(plant.settings.cancel_grace) => Came::Ended(ending),
        () = time::sleep(work.timeout) => Came::Failed(Failure::of_timeout()),
    }
}

fn failed(fault: &Fault) -> Failure {
    tracing::warn!(error = fault as &dyn Error, "an attempt at a job failed");
    Failure::of_fault(fault)
}

/// Decides whether there is another attempt.
fn told(work: &Work, (taken, came): (&Taken, Came), at: Timestamp) -> Outcome {
    let failure = match came {
        Came::Done => return Outcome::Done,
        Came::Ended(Ending::Cancelled) => return Outcome::Cancelled,
        Came::Ended(Ending::HandedBack) => return Outcome::HandedBack,
        Came::Ended(Ending::Lost) => {
            tracing::warn!("a job was ended here because another worker has it");
            return Outcome::Lost;
        }
        Came::Failed(failure) => failure,
    };
    Span::current().record("otel.status_code", "ERROR");
    let tries = u32::try_from(taken.attempt).unwrap_or(u32::MAX);
    let pause = work.retry.pause_after(tries, chance(taken));
    let next_at = pause.filter(|_| !failure.is_final).map(|it| at.after(it));
    if next_at.is_none() {
        tracing::error!(reason = failure.reason, "a job failed for good and is a dead letter");
    }
    Outcome::Failed(failure, next_at)
}

/// Between 0 and 1: the same for the same attempt at the same job, and no two alike.
fn chance(taken: &Taken) -> f64 {
    let mut hash = DefaultHasher::new();
    (taken.id, taken.attempt).hash(&mut hash);
    let high = u32::try_from(hash.finish() >> 32).unwrap_or(0);
    f64::from(high) / f64::from(u32::MAX)
}

fn end_of(outcome: &Outcome) -> JobEnd {
    match outcome {
        Outcome::Done => JobEnd::Done,
        Outcome::Cancelled => JobEnd::Cancelled,
        Outcome::HandedBack => JobEnd::HandedBack,
        Outcome::Lost => JobEnd::Lost,
        Outcome::Failed(_, Some(_)) => JobEnd::Retried,
        Outcome::Failed(_, None) => JobEnd::Dead,
    }
}
