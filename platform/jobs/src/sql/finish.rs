//! Ending attempts. Whoever holds an older fence changes nothing.
//!
//! Rows are looked up one by one (`lateral`, kept from becoming a join) and then touched where they
//! lie: a plan that was made while the table was small would compare each job with each end. A row
//! that changes meanwhile does not lie there any more. The state is not asked for: a fence that was
//! drawn by taking a job is that of a job that runs, and the index of those would be gone through.

use socle_db::{Statement, SystemTx};
use socle_kernel::{Fault, Timestamp};

use crate::JobId;

/// Ends jobs for good; returns how many, which is fewer where others have them by now.
pub(crate) const END: &str = "
    with gone as (
        delete from {schema}.job_run as r
        using (
            select own.place, ended.outcome
            from unnest($2::uuid[], $3::int4[], $4::text[]) as ended (id, fence, outcome)
            cross join lateral (
                select o.ctid as place from {schema}.job_run as o
                where o.id = ended.id and o.fence = ended.fence
                    and ($1::uuid is null or o.tenant_id = $1)
                offset 0
            ) as own
        ) as found
        where r.ctid = found.place
        returning r.tenant_id, r.id, r.attempt, found.outcome
    )
    insert into {schema}.job_end (tenant_id, id, ended_at, outcome, attempt)
    select tenant_id, id, $5, outcome, attempt from gone";

pub(crate) async fn end(
    statement: Statement<'_>,
    ended: &[(JobId, i32, &'static str)],
    at: Timestamp,
) -> Result<u64, Fault> {
    statement
        .bind(ended.iter().map(|it| it.0).collect::<Vec<_>>())
        .bind(ended.iter().map(|it| it.1).collect::<Vec<_>>())
        .bind(ended.iter().map(|it| it.2).collect::<Vec<_>>())
        .bind(at)
        .run("end the jobs")
        .await
}

const FAIL: &str = "
    update {schema}.job_run as r
    set state = failed.state, run_at = coalesce(failed.next_at, r.run_at), worker = null,
        fence = r.fence + 1, failed_at = $8, reason = failed.reason,
        causes = string_to_array(failed.causes, chr(31))
    from (
        select own.place, it.state, it.next_at, it.reason, it.causes
        from unnest($2::uuid[], $3::int4[], $4::text[], $5::timestamptz[], $6::text[], $7::text[])
            as it (id, fence, state, next_at, reason, causes)
        cross join lateral (
            select o.ctid as place from {schema}.job_run as o
            where o.id = it.id and o.fence = it.fence and $1::uuid is null
            offset 0
        ) as own
    ) as failed
    where r.ctid = failed.place";

/// An attempt that failed, and when the next one is; none makes a dead letter of it.
#[derive(Debug, Clone)]
pub(crate) struct Failed {
    pub(crate) id: JobId,
    pub(crate) fence: i32,
    pub(crate) next_at: Option<Timestamp>,
    pub(crate) reason: &'static str,
    pub(crate) causes: Vec<String>,
}

/// Writes failed attempts down; returns how many.
pub(crate) async fn fail(
    tx: &mut SystemTx,
    failed: &[Failed],
    at: Timestamp,
) -> Result<u64, Fault> {
    fn each<T>(failed: &[Failed], of: impl Fn(&Failed) -> T) -> Vec<T> {
        failed.iter().map(of).collect()
    }
    tx.template(FAIL)
        .bind(each(failed, |it| it.id))
        .bind(each(failed, |it| it.fence))
        .bind(each(failed, |it| if it.next_at.is_some() { "waiting" } else { "dead" }))
        .bind(each(failed, |it| it.next_at))
        .bind(each(failed, |it| it.reason))
        .bind(each(failed, |it| it.causes.join("\u{1f}")))
        .bind(at)
        .run("write the failures down")
        .await
}

/// What was taken and not done is as if it had not been taken.
const HAND_BACK: &str = "
    update {schema}.job_run as r
    set state = 'waiting', worker = null, attempt = r.attempt - 1, fence = r.fence + 1
    from (
        select own.place
        from unnest($2::uuid[], $3::int4[]) as it (id, fence)
        cross join lateral (
            select o.ctid as place from {schema}.job_run as o
            where o.id = it.id and o.fence = it.fence and $1::uuid is null
            offset 0
        ) as own
    ) as back
    where r.ctid = back.place";

pub(crate) async fn hand_back(tx: &mut SystemTx, back: &[(JobId, i32)]) -> Result<u64, Fault> {
    tx.template(HAND_BACK)
        .bind(back.iter().map(|it| it.0).collect::<Vec<_>>())
        .bind(back.iter().map(|it| it.1).collect::<Vec<_>>())
        .ringing(crate::BELL)
        .run("hand jobs back")
        .await
}
