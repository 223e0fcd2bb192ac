//! Reading the log in windows.
//!
//! A window is what is visible in a snapshot (`upto`) and was not in the one before (`snapshot`),
//! in the order of `seq`. That order is right for a key: its row is locked before `seq` is drawn,
//! until the commit. The order of `xid` is not: a transaction may have its `xid` before it waits
//! for the key.
//!
//! Most of a window lies beyond `low`, where `snapshot` ended, because `seq` is drawn after the
//! `xid`. Below lies what was written by transactions that were open then: those that the snapshot
//! lists, and those younger than every transaction that had ended, which it does not list. The
//! latter are found by their `xid`, up to one that is known to have been drawn later (`bound`).

use socle_db::SystemTx;
use socle_kernel::Fault;
use sqlx::{FromRow, Row as _, postgres::PgRow};

use crate::Envelope;

/// How far of the log one statement looks, whether or not anything is for this group.
const REACH: i64 = 1 << 17;

/// Whose events are looked for, and how many.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'s> {
    /// Of these types; of all, where none are named.
    pub(crate) types: Option<&'s [String]>,
    pub(crate) partition: i16,
    pub(crate) partitions: i16,
    pub(crate) limit: i64,
}

/// How far a partition of a group has come; see the table.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(crate) struct Position {
    pub(crate) snapshot: String,
    pub(crate) upto: Option<String>,
    pub(crate) high: i64,
    pub(crate) low: i64,
    pub(crate) last: i64,
    pub(crate) bound: Option<String>,
}

/// A part of a window, and the position behind it.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) events: Vec<Envelope>,
    pub(crate) after: Position,
    /// Whether there may be more at this moment.
    pub(crate) is_last: bool,
}

/// A row, or none, with the window that it is of.
struct Row {
    upto: String,
    high: i64,
    reach: i64,
    event: Option<Envelope>,
}

const PAGE: &str = "
    select page.upto::text as upto, page.high, page.reach, o.*
    from (
        select seen.upto, seen.high, least(seen.high, greatest($5::int8, $6::int8) + $12::int8) as reach
        from (
            select coalesce($3::text::pg_snapshot, pg_current_snapshot()) as upto,
                   case when $3::text is null
                       then greatest((select max(it.seq) from {schema}.outbox as it), $5::int8)
                       else $4::int8 end as high
            offset 0
        ) as seen
    ) as page
    left join lateral (
        select found.* from (
            (select a.seq, a.tenant_id, a.id, a.type, a.dataversion, a.partitionkey, a.sequence,
                    a.time, a.actortype, a.actorid, a.correlationid, a.causationid,
                    a.data::text as data, a.onbehalfof, a.traceparent
             from {schema}.outbox as a
             where a.xid in (select pg_snapshot_xip($2::text::pg_snapshot))
                 and $6::int8 < a.seq and a.seq <= page.reach
                 and pg_visible_in_snapshot(a.xid, page.upto)
                 and ($7::text[] is null or a.type = any($7))
                 and ($9::int2 = 1
                      or (hashtextextended(a.partitionkey, uuid_hash_extended(a.tenant_id, 0))
                          & 1048575) % $9::int2 = $8::int2)
             order by a.seq limit $10)
            union all
            (select c.seq, c.tenant_id, c.id, c.type, c.dataversion, c.partitionkey, c.sequence,
                    c.time, c.actortype, c.actorid, c.correlationid, c.causationid,
                    c.data::text as data, c.onbehalfof, c.traceparent
             from {schema}.outbox as c
             where $6::int8 < $5::int8
                 and $6::int8 < c.seq and c.seq <= $5::int8 and c.seq <= page.reach
                 and pg_snapshot_xmax($2::text::pg_snapshot) <= c.xid
                 and c.xid < coalesce($11::text::xid8, '18446744073709551615'::xid8)
                 and pg_visible_in_snapshot(c.xid, page.upto)
                 and ($7::text[] is null or c.type = any($7))
                 and ($9::int2 = 1
                      or (hashtextextended(c.partitionkey, uuid_hash_extended(c.tenant_id, 0))
                          & 1048575) % $9::int2 = $8::int2)
             order by c.seq limit $10)
            union all
            (select b.seq, b.tenant_id, b.id, b.type, b.dataversion, b.partitionkey, b.sequence,
                    b.time, b.actortype, b.actorid, b.correlationid, b.causationid,
                    b.data::text as data, b.onbehalfof, b.traceparent
             from {schema}.outbox as b
             where greatest($5::int8, $6::int8) < b.seq and b.seq <= page.reach
                 and pg_snapshot_xmax($2::text::pg_snapshot) <= b.xid
                 and pg_visible_in_snapshot(b.xid, page.upto)
                 and ($7::text[] is null or b.type = any($7))
                 and ($9::int2 = 1
                      or (hashtextextended(b.partitionkey, uuid_hash_extended(b.tenant_id, 0))
                          & 1048575) % $9::int2 = $8::int2)
             order by b.seq limit $10)
        ) as found
        order by found.seq limit $10
    ) as o on true
    where $1::uuid is null
    order by o.seq";

/// The next events of the window at `position`, or of a new one that ends now.
pub(crate) async fn page(
    tx: &mut SystemTx,
    position: &Position,
    wanted: Wanted<'_>,
) -> Result<Page, Fault> {
    let rows: Vec<Row> = tx
        .template(PAGE)
        .bind(position.snapshot.clone())
        .bind(position.upto.clone())
        .bind(position.high)
        .bind(position.low)
        .bind(position.last)
        .bind(wanted.types.map(<[String]>::to_vec))
        .bind(wanted.partition)
        .bind(wanted.partitions)
        .bind(wanted.limit)
        .bind(position.bound.clone())
        .bind(REACH)
        .all("read the events")
        .await?;
    Ok(position.after(rows, wanted.limit))
}

const NOW: &str = "
    select pg_current_snapshot()::text as snapshot, null::text as upto, 0::int8 as high,
           coalesce(max(o.seq), 0) as low, 0::int8 as last, null::text as bound
    from {schema}.outbox as o where $1::uuid is null";

/// Behind everything that is there.
pub(crate) async fn now(tx: &mut SystemTx) -> Result<Position, Fault> {
    tx.template(NOW).one("find the end of the log").await
}

impl Position {
    /// Before everything: `1:1:` is a snapshot in which nothing is visible.
    pub(crate) fn earliest() -> Self {
        let (snapshot, upto) = ("1:1:".to_owned(), None);
        Self { snapshot, upto, high: 0, low: 0, last: 0, bound: None }
    }

    fn after(&self, rows: Vec<Row>, limit: i64) -> Page {
        let window = rows.first().expect("the window itself is a row");
        let (upto, high, reach) = (window.upto.clone(), window.high, window.reach);
        let events: Vec<Envelope> = rows.into_iter().filter_map(|it| it.event).collect();
        let is_full = i64::try_from(events.len()).is_ok_and(|it| it == limit);
        let last = events.last().filter(|_| is_full).map_or(reach, |it| it.seq);
        if last < high {
            let after = Self { upto: Some(upto), high, last, ..self.clone() };
            return Page { events, after, is_last: false };
        }
        // What came since the window was opened is in the next one.
        let is_last = self.upto.is_none();
        let low = high.max(self.low);
        let after = Self { snapshot: upto, upto: None, high, low, last: 0, bound: None };
        Page { events, after, is_last }
    }
}

impl<'r> FromRow<'r, PgRow> for Row {
    fn from_row(row: &'r PgRow) -> Result<Self, sqlx::Error> {
        let found: Option<i64> = row.try_get("seq")?;
        Ok(Self {
            upto: row.try_get("upto")?,
            high: row.try_get("high")?,
            reach: row.try_get("reach")?,
            event: found.map(|_| Envelope::from_row(row)).transpose()?,
        })
    }
}
