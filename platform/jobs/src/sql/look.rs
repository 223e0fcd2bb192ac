//! Looking at jobs; changes nothing.

use socle_db::SystemTx;
use socle_kernel::{Fault, Timestamp};

use crate::{
    JobId, Queue,
    desk::{Dead, Filter, Seen, State},
};

/// Jobs with what has become of them, the newest first, from one on.
const JOBS: &str = "
    select j.tenant_id, j.id, j.kind, j.queue, j.args::text as args, j.unique_key, j.enqueued_at,
           j.actortype, j.actorid, j.onbehalfof, j.correlationid, j.causationid, j.traceparent,
           coalesce(r.state, e.outcome, 'done') as state, r.run_at,
           coalesce(r.attempt, e.attempt, 0::int2) as attempt, r.attempts_max,
           coalesce(r.is_cancelled, false) as is_cancelled, r.worker, r.done, r.total, r.note,
           r.failed_at, r.reason, coalesce(r.causes, '{}') as causes, e.ended_at,
           coalesce(r.act, case when e.ended_by is not null then e.outcome end) as act,
           coalesce(r.act_by, e.ended_by) as act_by, coalesce(r.act_at, e.ended_at) as act_at
    from {schema}.job as j
    left join lateral (
        select o.* from {schema}.job_run as o where o.id = j.id) as r on true
    left join lateral (
        select o.* from {schema}.job_end as o where o.id = j.id) as e on true
    where j.id <= $2 and ($3::uuid is null or j.tenant_id = $3)
        and ($4::text is null or j.queue = $4) and ($5::text is null or j.kind = $5)
        and ($6::text is null or coalesce(r.state, e.outcome, 'done') = $6) and $1::uuid is null
    order by j.id desc limit $7";

/// A page of jobs, the newest first, from `from` on.
pub(crate) async fn jobs(
    tx: &mut SystemTx,
    filter: &Filter,
    from: JobId,
    most: i64,
) -> Result<Vec<Seen>, Fault> {
    tx.template(JOBS)
        .bind(from)
        .bind(filter.tenant)
        .bind(filter.queue.map(Queue::name))
        .bind(filter.kind.clone())
        .bind(filter.state.map(State::name))
        .bind(most)
        .all("list the jobs")
        .await
}

const DEAD: &str = "
    select r.tenant_id, r.id, r.kind, r.queue, r.attempt, r.failed_at, r.reason,
           coalesce(r.causes, '{}') as causes
    from {schema}.job_run as r
    where r.state = 'dead' and ($2, $3) < (r.failed_at, r.id) and $1::uuid is null
        and ($4::uuid is null or r.tenant_id = $4) and ($5::text is null or r.kind = $5)
    order by r.failed_at, r.id limit $6";

/// A page of dead letters, the oldest first.
pub(crate) async fn dead(
    tx: &mut SystemTx,
    filter: &Filter,
    (failed_at, id): (Timestamp, JobId),
    most: i64,
) -> Result<Vec<Dead>, Fault> {
    tx.template(DEAD)
        .bind(failed_at)
        .bind(id)
        .bind(filter.tenant)
        .bind(filter.kind.clone())
        .bind(most)
        .all("list dead letters")
        .await
}

/// How full queues are, kind by kind: of what is due the first so many, and all that runs or is
/// dead.
const DEPTHS: &str = "
    select due.queue, due.kind, 'waiting' as state, count(*)::int8 as jobs,
           min(due.run_at) as oldest
    from unnest($2::text[]) as asked (queue)
    cross join lateral (
        select r.queue, r.kind, r.run_at from {schema}.job_run as r
        where r.queue = asked.queue and r.state = 'waiting' and r.run_at <= $3
        order by r.tenant_id, r.run_at, r.id limit $4
    ) as due
    where $1::uuid is null
    group by due.queue, due.kind
    union all
    select r.queue, r.kind, 'running', count(*)::int8, null
    from {schema}.job_run as r where r.state = 'running' and $1::uuid is null
    group by r.queue, r.kind
    union all
    select r.queue, r.kind, 'dead', count(*)::int8, min(r.failed_at)
    from {schema}.job_run as r where r.state = 'dead' and $1::uuid is null
    group by r.queue, r.kind";

/// Jobs of one queue, kind and state.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct DepthRow {
    pub(crate) queue: String,
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) jobs: i64,
    pub(crate) oldest: Option<Timestamp>,
}

pub(crate) async fn depths(
    tx: &mut SystemTx,
    queues: &[&'static str],
    now: Timestamp,
    most: i64,
) -> Result<Vec<DepthRow>, Fault> {
    let statement = tx.template(DEPTHS).bind(queues.to_vec()).bind(now).bind(most);
    statement.all("measure the queues").await
}

const PAUSES: &str = "
    select queue, paused_at, paused_by from {schema}.job_pause
    where $1::uuid is null order by queue";

pub(crate) async fn pauses(tx: &mut SystemTx) -> Result<Vec<(String, Timestamp, String)>, Fault> {
    tx.template(PAUSES).all("see what is paused").await
}

const LATENESS: &str = "
    select name, min(next_at) from {schema}.job_cron
    where paused_at is null and next_at <= $2 and $1::uuid is null group by name";

/// For which entries the calendar is late, and since when.
pub(crate) async fn lateness(
    tx: &mut SystemTx,
    now: Timestamp,
) -> Result<Vec<(String, Timestamp)>, Fault> {
    tx.template(LATENESS).bind(now).all("see how late the calendar is").await
}
