//! Ending attempts. Whoever holds an older fence changes nothing.

use socle_db::{Statement, SystemTx};
use socle_kernel::{Fault, Timestamp};

use crate::JobId;

/// Ends jobs for good; returns how many, which is fewer where others have them by now.
pub(crate) const END: &str = "
    with gone as (
        delete from {schema}.job_run as r
        using unnest($2::uuid[], $3::int4[], $4::text[]) as ended (id, fence, outcome)
        where r.id = ended.id and r.fence = ended.fence and r.state = 'running'
            and ($1::uuid is null or r.tenant_id = $1)
        returning r.tenant_id, r.id, r.attempt, ended.outcome
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
    from unnest($2::uuid[], $3::int4[], $4::text[], $5::timestamptz[], $6::text[], $7::text[])
        as failed (id, fence, state, next_at, reason, causes)
    where r.id = failed.id and r.fence = failed.fence and r.state = 'running'
        and $1::uuid is null";

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
    from unnest($2::uuid[], $3::int4[]) as back (id, fence)
    where r.id = back.id and r.fence = back.fence and r.state = 'running' and $1::uuid is null";

pub(crate) async fn hand_back(tx: &mut SystemTx, back: &[(JobId, i32)]) -> Result<u64, Fault> {
    tx.template(HAND_BACK)
        .bind(back.iter().map(|it| it.0).collect::<Vec<_>>())
        .bind(back.iter().map(|it| it.1).collect::<Vec<_>>())
        .ringing(crate::BELL)
        .run("hand jobs back")
        .await
}
