//! Who is alive, by the clock of the database, and what becomes of the jobs of those who are not.

use std::time::Duration;

use socle_db::SystemTx;
use socle_kernel::{Fault, Timestamp};
use uuid::Uuid;

use crate::JobId;

const RENEW: &str = "
    insert into {schema}.job_worker (id, leased_until)
    select $2, clock_timestamp() + $3 * interval '1 millisecond' where $1::uuid is null
    on conflict (id) do update set leased_until = excluded.leased_until";

/// Says that this worker is alive for so long.
pub(crate) async fn renew(tx: &mut SystemTx, worker: Uuid, lease: Duration) -> Result<(), Fault> {
    let lease_ms = i64::try_from(lease.as_millis()).unwrap_or(i64::MAX);
    let statement = tx.template(RENEW).bind(worker).bind(lease_ms);
    statement.run("renew the worker's lease").await.map(drop)
}

const LEAVE: &str = "delete from {schema}.job_worker where id = $2 and $1::uuid is null";

/// Says that this worker has ended; it holds nothing any more.
pub(crate) async fn leave(tx: &mut SystemTx, worker: Uuid) -> Result<(), Fault> {
    tx.template(LEAVE).bind(worker).run("end the worker's lease").await.map(drop)
}

/// Jobs of workers that are not alive wait again, or are dead if they have had all their attempts.
const RESCUE: &str = "
    with ended as (
        delete from {schema}.job_worker where leased_until < clock_timestamp()
    )
    update {schema}.job_run as r
    set state = case when r.attempt < r.attempts_max then 'waiting' else 'dead' end,
        run_at = $2, worker = null, fence = r.fence + 1, failed_at = $2, reason = $3,
        causes = array[$4]
    where r.state = 'running' and $1::uuid is null
        and not exists (
            select from {schema}.job_worker as w
            where w.id = r.worker and clock_timestamp() <= w.leased_until)
    returning r.id, r.kind, r.state = 'dead' as is_dead";

/// A job whose worker was not heard of in time.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Rescued {
    pub(crate) id: JobId,
    pub(crate) kind: String,
    pub(crate) is_dead: bool,
}

pub(crate) async fn rescue(
    tx: &mut SystemTx,
    now: Timestamp,
    (reason, cause): (&'static str, &'static str),
) -> Result<Vec<Rescued>, Fault> {
    let statement = tx.template(RESCUE).bind(now).bind(reason).bind(cause);
    statement.ringing(crate::BELL).all("rescue jobs").await
}

/// What the database holds for this worker besides what the worker knows of.
const STRANGERS: &str = "
    select r.id, r.fence from {schema}.job_run as r
    where r.worker = $2 and r.state = 'running' and $1::uuid is null
        and not (r.id = any($3::uuid[]))";

pub(crate) async fn strangers(
    tx: &mut SystemTx,
    worker: Uuid,
    held: &[JobId],
) -> Result<Vec<(JobId, i32)>, Fault> {
    let statement = tx.template(STRANGERS).bind(worker).bind(held.to_vec());
    statement.all("look for jobs that were taken unknowingly").await
}

/// Writes progress down and tells what was decided elsewhere about the jobs that run here.
const WATCH: &str = "
    with mine as (
        select it.* from unnest($2::uuid[], $3::int4[], $4::int8[], $5::int8[], $6::text[])
            as it (id, fence, done, total, note)
        where $1::uuid is null
    ), told as (
        update {schema}.job_run as r
        set done = mine.done, total = mine.total, note = mine.note
        from (
            select own.place, mine.done, mine.total, mine.note
            from mine
            cross join lateral (
                select o.ctid as place from {schema}.job_run as o
                where o.id = mine.id and o.fence = mine.fence and mine.done is not null
                offset 0
            ) as own
        ) as mine
        where r.ctid = mine.place
    )
    select mine.id, r.id is null as is_gone, coalesce(r.is_cancelled, false) as is_cancelled,
           r.id is not null and (r.fence, r.state) <> (mine.fence, 'running') as is_lost
    from mine
    left join lateral (
        select o.id, o.fence, o.state, o.is_cancelled
        from {schema}.job_run as o where o.id = mine.id
    ) as r on true";

/// How far a job has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) done: i64,
    pub(crate) total: i64,
    pub(crate) note: String,
}

/// What was decided about a job elsewhere.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Told {
    pub(crate) id: JobId,
    /// It has ended.
    pub(crate) is_gone: bool,
    /// Somebody else has it.
    pub(crate) is_lost: bool,
    pub(crate) is_cancelled: bool,
}

pub(crate) async fn watch(
    tx: &mut SystemTx,
    mine: &[(JobId, i32, Option<Progress>)],
) -> Result<Vec<Told>, Fault> {
    fn each<T>(mine: &[(JobId, i32, Option<Progress>)], of: fn(&Progress) -> T) -> Vec<Option<T>> {
        mine.iter().map(|it| it.2.as_ref().map(of)).collect()
    }
    tx.template(WATCH)
        .bind(mine.iter().map(|it| it.0).collect::<Vec<_>>())
        .bind(mine.iter().map(|it| it.1).collect::<Vec<_>>())
        .bind(each(mine, |it| it.done))
        .bind(each(mine, |it| it.total))
        .bind(each(mine, |it| it.note.clone()))
        .all("look after the jobs that run")
        .await
}
