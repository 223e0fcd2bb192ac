//! Writing down what is to be done.

use socle_db::Statement;
use socle_kernel::{Fault, PersonId, TenantId, Timestamp};
use uuid::Uuid;

use crate::{BELL, JobId};

/// The row of `job_run` decides whether there is one already; without it there is no `job`.
///
/// What was written is looked up in a set (`in`, kept from becoming a join): of thousands of jobs
/// the planner knows nothing, and would compare each with each.
pub(crate) const ENQUEUE: &str = "
    with asked as (
        select it.*
        from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[],
                    $8::int2[], $9::timestamptz[], $10::uuid[])
            as it (tenant_id, id, kind, queue, args, unique_key, attempts_max, run_at,
                   correlationid)
        where $1::uuid is null or it.tenant_id = $1
    ), run as (
        insert into {schema}.job_run
            (tenant_id, id, kind, queue, unique_key, attempts_max, run_at)
        select tenant_id, id, kind, queue, unique_key, attempts_max, run_at from asked
        on conflict (tenant_id, kind, unique_key)
            where unique_key is not null and state <> 'dead' do nothing
        returning id
    ), told as materialized (
        select asked.*, asked.id in (select run.id from run) as is_new from asked
    ), job as (
        insert into {schema}.job
            (tenant_id, id, kind, queue, args, unique_key, enqueued_at, actortype, actorid,
             onbehalfof, correlationid, causationid, traceparent)
        select tenant_id, id, kind, queue, args::json, unique_key, $11, $12, $13, $14,
               correlationid, $15, $16
        from told where is_new
    )
    select told.id as asked, told.is_new,
           case when told.is_new then told.id else (
               select r.id from {schema}.job_run as r
               where r.tenant_id = told.tenant_id and r.kind = told.kind
                   and r.unique_key = told.unique_key and r.state <> 'dead'
               limit 1) end as id
    from told";

/// A job as it is written.
#[derive(Debug, Clone)]
pub(crate) struct NewJob {
    pub(crate) tenant: TenantId,
    pub(crate) id: JobId,
    pub(crate) kind: &'static str,
    pub(crate) queue: &'static str,
    pub(crate) args: String,
    pub(crate) unique_key: Option<String>,
    pub(crate) attempts_max: i16,
    pub(crate) run_at: Timestamp,
    pub(crate) correlation: Uuid,
}

/// Who asked for them, when, and why.
#[derive(Debug, Clone)]
pub(crate) struct Asker {
    pub(crate) at: Timestamp,
    pub(crate) actortype: &'static str,
    pub(crate) actorid: String,
    pub(crate) onbehalfof: Option<PersonId>,
    pub(crate) causation: Option<Uuid>,
    pub(crate) traceparent: Option<String>,
}

/// What became of one: its own identifier, or that of the one before it; neither when that one
/// was written by a transaction which committed meanwhile.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Answer {
    pub(crate) asked: JobId,
    pub(crate) is_new: bool,
    pub(crate) id: Option<JobId>,
}

pub(crate) async fn enqueue(
    statement: Statement<'_>,
    jobs: &[NewJob],
    asker: &Asker,
) -> Result<Vec<Answer>, Fault> {
    fn each<T>(jobs: &[NewJob], of: impl Fn(&NewJob) -> T) -> Vec<T> {
        jobs.iter().map(of).collect()
    }
    statement
        .bind(each(jobs, |it| it.tenant))
        .bind(each(jobs, |it| it.id))
        .bind(each(jobs, |it| it.kind))
        .bind(each(jobs, |it| it.queue))
        .bind(each(jobs, |it| it.args.clone()))
        .bind(each(jobs, |it| it.unique_key.clone()))
        .bind(each(jobs, |it| it.attempts_max))
        .bind(each(jobs, |it| it.run_at))
        .bind(each(jobs, |it| it.correlation))
        .bind(asker.at)
        .bind(asker.actortype)
        .bind(asker.actorid.clone())
        .bind(asker.onbehalfof)
        .bind(asker.causation)
        .bind(asker.traceparent.clone())
        .ringing(BELL)
        .all("enqueue the jobs")
        .await
}
