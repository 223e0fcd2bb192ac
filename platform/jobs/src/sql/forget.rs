//! Forgetting what ended long ago, a few thousand at a time.

use socle_db::SystemTx;
use socle_kernel::{Fault, Timestamp};

const FORGET: &str = "
    with old as (
        delete from {schema}.job_end as e
        using (
            select id from {schema}.job_end
            where ended_at < $2 and $1::uuid is null
            order by ended_at limit $3
            for update skip locked
        ) as found
        where e.id = found.id
        returning e.id
    )
    delete from {schema}.job as j using old where j.id = old.id";

/// Forgets jobs that ended before `before`; returns how many.
pub(crate) async fn forget(tx: &mut SystemTx, before: Timestamp, most: i64) -> Result<u64, Fault> {
    tx.template(FORGET).bind(before).bind(most).run("forget jobs").await
}

const FORGET_FIRES: &str = "
    delete from {schema}.job_fire as f
    using (
        select name, tenant_id, scheduled_at from {schema}.job_fire
        where scheduled_at < $2 and $1::uuid is null
        order by scheduled_at limit $3
        for update skip locked
    ) as found
    where f.name = found.name and f.tenant_id = found.tenant_id
        and f.scheduled_at = found.scheduled_at";

/// Forgets for which times entries of the calendar were done before `before`.
pub(crate) async fn forget_fires(
    tx: &mut SystemTx,
    before: Timestamp,
    most: i64,
) -> Result<u64, Fault> {
    tx.template(FORGET_FIRES).bind(before).bind(most).run("forget times").await
}
