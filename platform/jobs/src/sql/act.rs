//! What people do with jobs and queues.

use socle_db::SystemTx;
use socle_kernel::{Fault, Timestamp};

use crate::{JobId, Queue};

/// Who does it, and when.
#[derive(Debug, Clone)]
pub(crate) struct Hand<'a> {
    pub(crate) by: &'a str,
    pub(crate) at: Timestamp,
}

const CANCEL: &str = "
    with gone as (
        delete from {schema}.job_run
        where id = $2 and state = 'waiting' and $1::uuid is null
        returning tenant_id, id, attempt
    ), ended as (
        insert into {schema}.job_end (tenant_id, id, ended_at, outcome, attempt, ended_by)
        select tenant_id, id, $3, 'cancelled', attempt, $4 from gone
        returning id
    ), asked as (
        update {schema}.job_run
        set is_cancelled = true, act = 'cancelled', act_by = $4, act_at = $3
        where id = $2 and state = 'running'
        returning id
    )
    select exists (select from ended) as is_ended, exists (select from asked) as is_asked";

/// Ends a job that waits, asks one that runs to end: which of them.
pub(crate) async fn cancel(
    tx: &mut SystemTx,
    id: JobId,
    hand: &Hand<'_>,
) -> Result<(bool, bool), Fault> {
    let statement = tx.template(CANCEL).bind(id).bind(hand.at).bind(hand.by.to_owned());
    statement.one("cancel the job").await
}

const HURRY: &str = "
    update {schema}.job_run
    set run_at = $3, act = 'hurried', act_by = $4, act_at = $3
    where id = $2 and state = 'waiting' and $3 < run_at and $1::uuid is null";

/// Has a job that waits for its time done now; returns whether there is one.
pub(crate) async fn hurry(tx: &mut SystemTx, id: JobId, hand: &Hand<'_>) -> Result<bool, Fault> {
    let statement = tx.template(HURRY).bind(id).bind(hand.at).bind(hand.by.to_owned());
    Ok(statement.ringing(crate::BELL).run("hurry the job").await? == 1)
}

/// One whose place has been taken by another with its key stays dead.
const REPLAY: &str = "
    update {schema}.job_run as r
    set state = 'waiting', run_at = $3, attempt = 0, fence = r.fence + 1, is_cancelled = false,
        act = 'replayed', act_by = $4, act_at = $3
    where r.id = any($2::uuid[]) and r.state = 'dead' and $1::uuid is null
        and (r.unique_key is null or not exists (
            select from {schema}.job_run as other
            where other.tenant_id = r.tenant_id and other.kind = r.kind
                and other.unique_key = r.unique_key and other.state <> 'dead'))
    returning r.id";

/// Has dead letters done again; returns those that are.
pub(crate) async fn replay(
    tx: &mut SystemTx,
    ids: &[JobId],
    hand: &Hand<'_>,
) -> Result<Vec<(JobId,)>, Fault> {
    let statement = tx.template(REPLAY).bind(ids.to_vec()).bind(hand.at);
    statement.bind(hand.by.to_owned()).ringing(crate::BELL).all("replay dead letters").await
}

const DISCARD: &str = "
    with gone as (
        delete from {schema}.job_run
        where id = any($2::uuid[]) and state = 'dead' and $1::uuid is null
        returning tenant_id, id, attempt
    )
    insert into {schema}.job_end (tenant_id, id, ended_at, outcome, attempt, ended_by)
    select tenant_id, id, $3, 'discarded', attempt, $4 from gone
    returning id";

/// Gives dead letters up; returns those that there were.
pub(crate) async fn discard(
    tx: &mut SystemTx,
    ids: &[JobId],
    hand: &Hand<'_>,
) -> Result<Vec<(JobId,)>, Fault> {
    let statement = tx.template(DISCARD).bind(ids.to_vec()).bind(hand.at);
    statement.bind(hand.by.to_owned()).all("discard dead letters").await
}

const PAUSE: &str = "
    insert into {schema}.job_pause (queue, paused_at, paused_by)
    select $2, $3, $4 where $1::uuid is null
    on conflict (queue) do nothing";

/// Holds a queue up.
pub(crate) async fn pause(tx: &mut SystemTx, queue: Queue, hand: &Hand<'_>) -> Result<bool, Fault> {
    let statement = tx.template(PAUSE).bind(queue.name()).bind(hand.at).bind(hand.by.to_owned());
    Ok(statement.run("pause the queue").await? == 1)
}

const RESUME: &str = "delete from {schema}.job_pause where queue = $2 and $1::uuid is null";

/// Lets a queue go on.
pub(crate) async fn resume(tx: &mut SystemTx, queue: Queue) -> Result<bool, Fault> {
    let statement = tx.template(RESUME).bind(queue.name()).ringing(crate::BELL);
    Ok(statement.run("resume the queue").await? == 1)
}
