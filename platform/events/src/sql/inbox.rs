//! Marks: which events a group has taken charge of.

use socle_db::{SystemTx, Tx};
use socle_kernel::Fault;
use sqlx::FromRow;

use crate::{Envelope, EventId};

/// An event that the group had not taken charge of before.
#[derive(Debug, FromRow)]
pub(crate) struct Mark {
    pub(crate) id: EventId,
    /// Whether an event of the same key failed and is still to come.
    pub(crate) is_parked: bool,
}

const MARK: &str = "
    with marked as (
        insert into {schema}.inbox (tenant_id, grp, event_id)
        select $1, $2, given.id from unnest($3::uuid[]) as given (id)
        on conflict do nothing
        returning event_id
    )
    select m.event_id as id,
           exists (
               select from {schema}.delivery as d
               where d.tenant_id = $1 and d.grp = $2 and d.partitionkey = given.partitionkey
                   and d.state in ('retrying', 'waiting')) as is_parked
    from marked as m
    join unnest($3::uuid[], $4::text[]) as given (id, partitionkey) on given.id = m.event_id";

/// Marks events; tells of those that were not marked before.
pub(crate) async fn mark(
    tx: &mut Tx,
    group: &'static str,
    events: &[Envelope],
) -> Result<Vec<Mark>, Fault> {
    tx.template(MARK)
        .bind(group)
        .bind(events.iter().map(|it| it.id).collect::<Vec<_>>())
        .bind(events.iter().map(|it| it.partitionkey.clone()).collect::<Vec<_>>())
        .all("mark the events as handled")
        .await
}

const PARKED: &str = "
    select distinct d.partitionkey from {schema}.delivery as d
    where d.tenant_id = $1 and d.grp = $2 and d.partitionkey = any($3::text[])
        and d.state in ('retrying', 'waiting')";

/// The keys of which an event failed and is still to come.
///
/// Asked again where somebody else turned out to be at the same events: what [`mark`] saw is from
/// before it waited for them.
pub(crate) async fn parked(
    tx: &mut Tx,
    group: &'static str,
    events: &[Envelope],
) -> Result<Vec<(String,)>, Fault> {
    let keys: Vec<_> = events.iter().map(|it| it.partitionkey.clone()).collect();
    tx.template(PARKED).bind(group).bind(keys).all("look for keys that wait").await
}

const FORGET: &str = "
    delete from {schema}.inbox as i
    where ($1::uuid is null or i.tenant_id = $1)
        and i.handled_at < now() - $2 * interval '1 second'
        and i.ctid = any(array(
            select it.ctid from {schema}.inbox as it
            where ($1::uuid is null or it.tenant_id = $1)
                and it.handled_at < now() - $2 * interval '1 second'
            limit $3))";

/// Forgets marks that are older, some at a time; returns how many.
pub(crate) async fn forget(tx: &mut SystemTx, age_s: i64, limit: i64) -> Result<u64, Fault> {
    tx.template(FORGET).bind(age_s).bind(limit).run("forget what was handled").await
}
