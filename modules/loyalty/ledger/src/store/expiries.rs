//! What customers have been told of what will expire.

use socle_db::Tx;
use socle_kernel::{Fault, Timestamp};

use crate::domain::ExpiryAhead;

/// All statements of this file.
pub(super) const STATEMENTS: [&str; 2] = [ANNOUNCE, FORGET];

/// From `$2` to `$3`, at most `$4` of them, noted as told at `$5`. What holds have set aside waits
/// for them past its expiry, so it is not counted.
const ANNOUNCE: &str = "
    with ahead as materialized (
        select l.account_id, (l.expires_at at time zone 'UTC')::date as day,
               min(l.expires_at) as expires_at, sum(l.remaining - l.reserved)::int8 as points
        from socle_ledger.lot as l
        where l.tenant_id = $1 and $2 < l.expires_at and l.expires_at <= $3
            and 0 < l.remaining and l.reserved < l.remaining
            and not exists (
                select from socle_ledger.expiry_notice as n
                where n.tenant_id = $1 and n.account_id = l.account_id
                    and n.day = (l.expires_at at time zone 'UTC')::date)
        group by 1, 2 order by 3, 1 limit $4
    ), noted as (
        insert into socle_ledger.expiry_notice (tenant_id, account_id, day, announced_at, points)
        select $1, ahead.account_id, ahead.day, $5, ahead.points from ahead
        on conflict (tenant_id, account_id, day) do nothing
        returning account_id, day
    )
    select ahead.account_id, a.owner, a.asset, ahead.day, ahead.expires_at, ahead.points
    from noted join ahead using (account_id, day)
    join socle_ledger.account as a on a.tenant_id = $1 and a.id = ahead.account_id
    order by ahead.expires_at, ahead.account_id";

/// Notes as told what expires between two moments and has not been told of; returns it.
pub(crate) async fn announce_expiries(
    tx: &mut Tx,
    (from, until): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Vec<ExpiryAhead>, Fault> {
    let statement = tx.sql(ANNOUNCE).bind(from).bind(until).bind(limit).bind(from);
    statement.all("note of which expiries customers are told").await
}

const FORGET: &str = "
    delete from socle_ledger.expiry_notice
    where tenant_id = $1 and day < ($2::timestamptz at time zone 'UTC')::date - 90";

/// Forgets what was told of days a quarter of a year before `now`.
pub(crate) async fn forget_notices(tx: &mut Tx, now: Timestamp) -> Result<u64, Fault> {
    tx.sql(FORGET).bind(now).run("forget of which expiries customers were told").await
}
