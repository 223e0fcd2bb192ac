//! Forgetting what ended long ago, a few thousand at a time.

use socle_db::SystemTx;
use socle_kernel::{Fault, Timestamp};

const FORGET: &str = "
    with old as (
        delete from {schema}.job_end
        where $1::uuid is null and id = any (array(
            select id from {schema}.job_end where ended_at < $2 order by ended_at limit $3))
        returning id
    )
    delete from {schema}.job where id = any (array(select id from old))";

/// Forgets jobs that ended before `before`; returns how many.
pub(crate) async fn forget(tx: &mut SystemTx, before: Timestamp, most: i64) -> Result<u64, Fault> {
    tx.template(FORGET).bind(before).bind(most).run("forget jobs").await
}

const FORGET_FIRES: &str = "
    delete from {schema}.job_fire
    where $1::uuid is null and scheduled_at < $2 and scheduled_at <= (
        select max(scheduled_at) from (
            select scheduled_at from {schema}.job_fire
            where scheduled_at < $2 order by scheduled_at limit $3) as oldest)";

/// Forgets for which times entries of the calendar were done before `before`.
pub(crate) async fn forget_fires(
    tx: &mut SystemTx,
    before: Timestamp,
    most: i64,
) -> Result<u64, Fault> {
    tx.template(FORGET_FIRES).bind(before).bind(most).run("forget times").await
}
