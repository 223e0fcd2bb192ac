//! Taking what is due.

use socle_db::SystemTx;
use socle_kernel::{Fault, TenantId, Timestamp};
use uuid::Uuid;

use crate::JobId;

/// Takes due jobs of each tenant of each queue, in the order in which they are asked for.
///
/// Each tenant's part begins behind what was taken before, so that rows which are gone are not
/// walked through again: under an old snapshot they cannot be cleaned away. They are locked, and
/// then touched where they lie, for the reason that `finish` gives. A worker whose lease
/// has run out takes nothing, and one that takes keeps its lease until the commit.
const TAKE: &str = "
    with lease as materialized (
        select id from {schema}.job_worker
        where id = $2 and clock_timestamp() < leased_until and $1::uuid is null
        for key share
    ), due as (
        select found.id, found.place
        from lease
        cross join (
            select it.*
            from unnest($3::text[], $4::uuid[], $5::timestamptz[], $6::uuid[], $7::int4[])
                as it (queue, tenant_id, run_at, id, take)
            where not exists (select from {schema}.job_pause as p where p.queue = it.queue)
        ) as asked
        cross join lateral (
            select r.id, r.ctid as place from {schema}.job_run as r
            where r.queue = asked.queue and r.tenant_id = asked.tenant_id
                and r.state = 'waiting' and (asked.run_at, asked.id) < (r.run_at, r.id)
                and r.run_at <= $8 and r.kind = any($9::text[])
            order by r.run_at, r.id
            limit asked.take
            for update of r skip locked
        ) as found
        limit $10
    )
    update {schema}.job_run as r
    set state = 'running', worker = $2, attempt = r.attempt + 1, fence = r.fence + 1
    from due
    cross join lateral (
        select o.args, o.enqueued_at, o.correlationid, o.traceparent
        from {schema}.job as o where o.id = due.id offset 0
    ) as j
    where r.ctid = due.place
    returning r.tenant_id, r.id, r.kind, r.queue, r.run_at, r.attempt, r.fence, r.is_cancelled,
              j.args::text as args, j.enqueued_at, j.correlationid, j.traceparent";

/// Where a tenant's part of a queue is begun, and how many are taken at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) queue: &'static str,
    pub(crate) tenant: TenantId,
    pub(crate) behind: Place,
    pub(crate) take: i32,
}

/// A place in the order of a tenant's jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) run_at: Timestamp,
    pub(crate) id: JobId,
}

/// A job that this worker has.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Taken {
    pub(crate) tenant_id: TenantId,
    pub(crate) id: JobId,
    pub(crate) kind: String,
    pub(crate) queue: String,
    pub(crate) run_at: Timestamp,
    pub(crate) attempt: i16,
    pub(crate) fence: i32,
    pub(crate) is_cancelled: bool,
    pub(crate) args: String,
    pub(crate) correlationid: Uuid,
    pub(crate) traceparent: Option<String>,
}

/// Who takes, when, and what it can do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taker<'a> {
    pub(crate) worker: Uuid,
    pub(crate) now: Timestamp,
    pub(crate) kinds: &'a [&'static str],
}

pub(crate) async fn take(
    tx: &mut SystemTx,
    taker: Taker<'_>,
    parts: &[Part],
    most: i64,
) -> Result<Vec<Taken>, Fault> {
    fn each<T>(parts: &[Part], of: impl Fn(&Part) -> T) -> Vec<T> {
        parts.iter().map(of).collect()
    }
    tx.template(TAKE)
        .bind(taker.worker)
        .bind(each(parts, |it| it.queue))
        .bind(each(parts, |it| it.tenant))
        .bind(each(parts, |it| it.behind.run_at))
        .bind(each(parts, |it| it.behind.id))
        .bind(each(parts, |it| it.take))
        .bind(taker.now)
        .bind(taker.kinds.to_vec())
        .bind(most)
        .all("take what is due")
        .await
}

/// Finds tenants between those that are known, without a look at the known ones' rows.
const DISCOVER: &str = "
    with recursive found as (
        select asked.queue, asked.below, next.tenant_id
        from unnest($2::text[], $3::uuid[], $4::uuid[]) as asked (queue, above, below)
        cross join lateral (
            select r.tenant_id from {schema}.job_run as r
            where r.queue = asked.queue and r.state = 'waiting'
                and asked.above < r.tenant_id and r.tenant_id < asked.below
            order by r.tenant_id limit 1
        ) as next
        where $1::uuid is null
        union all
        select found.queue, found.below, next.tenant_id
        from found
        cross join lateral (
            select r.tenant_id from {schema}.job_run as r
            where r.queue = found.queue and r.state = 'waiting'
                and found.tenant_id < r.tenant_id and r.tenant_id < found.below
            order by r.tenant_id limit 1
        ) as next
    )
    select queue, tenant_id from found limit $5";

/// The tenants of a queue above one and below another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) queue: &'static str,
    pub(crate) above: TenantId,
    pub(crate) below: TenantId,
}

pub(crate) async fn discover(
    tx: &mut SystemTx,
    gaps: &[Gap],
    most: i64,
) -> Result<Vec<(String, TenantId)>, Fault> {
    tx.template(DISCOVER)
        .bind(gaps.iter().map(|it| it.queue).collect::<Vec<_>>())
        .bind(gaps.iter().map(|it| it.above).collect::<Vec<_>>())
        .bind(gaps.iter().map(|it| it.below).collect::<Vec<_>>())
        .bind(most)
        .all("find who has jobs")
        .await
}
