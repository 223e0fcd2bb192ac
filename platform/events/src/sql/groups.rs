//! Groups: their positions, and who works them.
//!
//! Times are the database's own: a process whose clock is wrong keeps no lease too long.

use socle_db::SystemTx;
use socle_kernel::{Fault, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use super::window::Position;
use crate::subscription::{Start, Subscription};

/// A partition that a worker holds; each take-over has a greater epoch.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct Holding {
    pub(crate) partition: i16,
    pub(crate) partitions: i16,
    pub(crate) epoch: i64,
    #[sqlx(flatten)]
    pub(crate) position: Position,
}

/// A worker of a group.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member {
    pub(crate) group: &'static str,
    pub(crate) id: Uuid,
    pub(crate) lease_s: i32,
}

/// `1:1:` is a snapshot in which nothing is visible.
const REGISTER: &str = "
    insert into {schema}.outbox_group as g
        (grp, partition, partitions, types, consumer, snapshot, high, low, last)
    select $2, place.partition, $3, $4, $5, start.snapshot, start.low, start.low, 0
    from generate_series(0, $3 - 1) as place (partition)
    cross join (
        select case $6 when 'now' then pg_current_snapshot() else '1:1:' end as snapshot,
               case $6 when 'now' then coalesce(max(it.seq), 0) else 0 end as low
        from {schema}.outbox as it where $1::uuid is null and $6 = 'now'
    ) as start
    on conflict (grp, partition) do update
        set types = excluded.types, consumer = excluded.consumer, seen_at = clock_timestamp()
        where (g.types, g.consumer) is distinct from (excluded.types, excluded.consumer)
            or g.seen_at < clock_timestamp() - interval '1 minute'";

/// Makes the group known, with its partitions at their start, unless it is.
pub(crate) async fn register(
    tx: &mut SystemTx,
    of: &Subscription,
    consumer: &str,
) -> Result<(), Fault> {
    let start = match of.start {
        Start::Earliest => "earliest",
        Start::Now => "now",
    };
    tx.template(REGISTER)
        .bind(of.group)
        .bind(i16::from(of.partitions))
        .bind(of.types.to_vec())
        .bind(consumer.to_owned())
        .bind(start)
        .run("register the group")
        .await
        .map(drop)
}

/// A group that was split otherwise begins where its last partition is: marks tell what is done.
/// While somebody holds a part of it, it stays as it was.
const SPLIT: &str = "
    with other as materialized (
        select g.* from {schema}.outbox_group as g
        where g.grp = $2 and $1::uuid is null and not exists (
                select from {schema}.outbox_group as held
                where held.grp = $2 and clock_timestamp() < held.leased_until)
            and exists (
                select from {schema}.outbox_group as split
                where split.grp = $2 and split.partitions <> $3)
        for update
    ),
    least as (
        select o.* from other as o
        order by pg_snapshot_xmax(o.snapshot),
                 (select count(*) from pg_snapshot_xip(o.snapshot)) desc
        limit 1
    ),
    gone as (
        delete from {schema}.outbox_group as g
        using other where g.grp = other.grp and g.partition = other.partition
            and $3 <= g.partition
    )
    insert into {schema}.outbox_group as g
        (grp, partition, partitions, types, consumer, epoch, snapshot, upto, high, low, last, bound)
    select l.grp, place.partition, $3, l.types, l.consumer, (select max(epoch) from other),
           l.snapshot, l.upto, l.high, l.low, 0, l.bound
    from least as l cross join generate_series(0, $3 - 1) as place (partition)
    on conflict (grp, partition) do update
        set partitions = excluded.partitions, epoch = excluded.epoch + 1,
            snapshot = excluded.snapshot, upto = excluded.upto, high = excluded.high,
            low = excluded.low, last = excluded.last, bound = excluded.bound";

pub(crate) async fn split(tx: &mut SystemTx, of: &Subscription) -> Result<(), Fault> {
    let statement = tx.template(SPLIT).bind(of.group).bind(i16::from(of.partitions));
    statement.run("split the group").await.map(drop)
}

const SEEN: &str = "
    with gone as (
        delete from {schema}.outbox_member as m
        where m.grp = $2 and m.seen_until < clock_timestamp() - interval '1 hour'
            and m.member <> $3
    )
    insert into {schema}.outbox_member (grp, member, seen_until)
    select $2, $3, clock_timestamp() + $4 * interval '1 second' where $1::uuid is null
    on conflict (grp, member) do update set seen_until = excluded.seen_until";

/// Says that this worker is there to take a share.
pub(crate) async fn seen(tx: &mut SystemTx, member: Member) -> Result<(), Fault> {
    member.on(tx, SEEN).bind(member.lease_s).run("join the group").await.map(drop)
}

/// What is beyond the worker's share is let go, the rest renewed: first comes what must be dealt
/// with in this order, which is why `for update` is on all of it.
const RENEW: &str = "
    with mine as materialized (
        select g.partition, g.partitions,
               row_number() over (order by g.partition) as place
        from {schema}.outbox_group as g
        where g.grp = $2 and g.owner = $3 and $1::uuid is null
    ),
    live as (
        select greatest(count(*), 1) as members from {schema}.outbox_member as m
        where m.grp = $2 and clock_timestamp() < m.seen_until
    )
    update {schema}.outbox_group as g
    set owner = case when kept.is_kept then g.owner end,
        leased_until = case when kept.is_kept
            then clock_timestamp() + $4 * interval '1 second' else '-infinity' end,
        seen_at = clock_timestamp()
    from (
        select mine.partition,
               mine.place <= (mine.partitions + live.members - 1) / live.members as is_kept
        from mine cross join live
    ) as kept
    where g.grp = $2 and g.owner = $3 and g.partition = kept.partition
    returning g.partition, g.epoch, g.owner is not null as is_kept";

/// The partitions, with their epochs, that this worker goes on holding.
pub(crate) async fn renew(tx: &mut SystemTx, member: Member) -> Result<Vec<(i16, i64)>, Fault> {
    let statement = member.on(tx, RENEW).bind(member.lease_s);
    let held: Vec<(i16, i64, bool)> = statement.all("renew the leases").await?;
    Ok(held.into_iter().filter(|it| it.2).map(|(partition, epoch, _)| (partition, epoch)).collect())
}

const TAKE: &str = "
    update {schema}.outbox_group as g
    set owner = $3, epoch = g.epoch + 1, seen_at = clock_timestamp(),
        leased_until = clock_timestamp() + $4 * interval '1 second'
    from (
        select it.partition from {schema}.outbox_group as it
        where it.grp = $2 and $1::uuid is null
            and (it.owner is null or it.leased_until < clock_timestamp())
        order by it.partition
        limit (
            select greatest((max(a.partitions) + live.members - 1) / live.members
                            - count(*) filter (where a.owner = $3), 0)
            from {schema}.outbox_group as a
            cross join (
                select greatest(count(*), 1) as members from {schema}.outbox_member as m
                where m.grp = $2 and clock_timestamp() < m.seen_until
            ) as live
            where a.grp = $2
            group by live.members)
        for update skip locked
    ) as free
    where g.grp = $2 and g.partition = free.partition
    returning g.partition, g.partitions, g.epoch, g.snapshot::text as snapshot,
              g.upto::text as upto, g.high, g.low, g.last, g.bound::text as bound";

/// Takes partitions that nobody holds, up to a fair share.
pub(crate) async fn take(tx: &mut SystemTx, member: Member) -> Result<Vec<Holding>, Fault> {
    member.on(tx, TAKE).bind(member.lease_s).all("take a share of the group").await
}

/// A new `snapshot` is bounded by the transaction that writes it down, which is younger.
const SAVE: &str = "
    update {schema}.outbox_group as g
    set snapshot = $6::text::pg_snapshot, upto = $7::text::pg_snapshot, high = $8, low = $9,
        last = $10,
        bound = case when g.snapshot::text = $6 then g.bound else pg_current_xact_id() end
    where g.grp = $2 and g.owner = $3 and g.partition = $4 and g.epoch = $5 and $1::uuid is null";

/// Writes down how far the partition has come; false when somebody else has taken it over.
pub(crate) async fn save(tx: &mut SystemTx, member: Member, of: &Holding) -> Result<bool, Fault> {
    let Position { snapshot, upto, high, low, last, .. } = of.position.clone();
    let statement = member.on(tx, SAVE).bind(of.partition).bind(of.epoch).bind(snapshot);
    let statement = statement.bind(upto).bind(high).bind(low).bind(last);
    Ok(statement.run("write down how far the group has come").await? == 1)
}

const RELEASE: &str = "
    with gone as (
        delete from {schema}.outbox_member as m where m.grp = $2 and m.member = $3
    )
    update {schema}.outbox_group as g set owner = null, leased_until = '-infinity'
    where g.grp = $2 and g.owner = $3 and $1::uuid is null";

/// Lets everything go, so that others need not wait until the leases end.
pub(crate) async fn release(tx: &mut SystemTx, member: Member) -> Result<(), Fault> {
    member.on(tx, RELEASE).run("leave the group").await.map(drop)
}

impl Member {
    fn on<'t>(&self, tx: &'t mut SystemTx, template: &'static str) -> socle_db::Statement<'t> {
        tx.template(template).bind(self.group).bind(self.id)
    }
}

/// How a group stands in one of its partitions.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Standing {
    #[sqlx(rename = "grp")]
    pub group: String,
    /// The schema of the module whose group it is.
    pub consumer: String,
    pub partition: i16,
    pub partitions: i16,
    /// Rows that it has not looked at, at most: others' are among them.
    pub lag_rows: i64,
    /// When the oldest event happened that it may not have handled.
    pub oldest_at: Option<Timestamp>,
    pub oldest_age_s: i64,
    /// Whether a worker holds it.
    pub is_held: bool,
    /// Grows at each take-over.
    pub epoch: i64,
    /// When a worker was last heard of.
    pub seen_at: Timestamp,
}

const STANDING: &str = "
    select s.grp, s.consumer, s.partition, s.partitions, greatest(head.seq - s.done, 0) as lag_rows,
           oldest.time as oldest_at,
           coalesce(extract(epoch from clock_timestamp() - oldest.time), 0)::int8 as oldest_age_s,
           s.is_held, s.epoch, s.seen_at
    from (
        select g.grp, g.consumer, g.partition, g.partitions, g.types, g.epoch, g.seen_at,
               g.owner is not null and clock_timestamp() < g.leased_until as is_held,
               greatest(g.low, g.last) as done
        from {schema}.outbox_group as g
        where $1::uuid is null and ($2::text is null or g.grp = $2)
    ) as s
    cross join (select coalesce(max(o.seq), 0) as seq from {schema}.outbox as o) as head
    left join lateral (
        select o.time from {schema}.outbox as o
        where s.done < o.seq and o.type = any(s.types) order by o.seq limit 1
    ) as oldest on true
    order by s.grp, s.partition";

/// How the groups stand, or one of them.
pub(crate) async fn standing(
    tx: &mut SystemTx,
    group: Option<&str>,
) -> Result<Vec<Standing>, Fault> {
    tx.template(STANDING).bind(group.map(str::to_owned)).all("see how the groups stand").await
}

const UNSEEN: &str = "
    select g.grp from {schema}.outbox_group as g
    where $1::uuid is null
    group by g.grp having max(g.seen_at) < clock_timestamp() - interval '1 day'
    order by g.grp";

/// Groups that no program has asked for in a day.
pub(crate) async fn unseen(tx: &mut SystemTx) -> Result<Vec<String>, Fault> {
    let found: Vec<(String,)> = tx.template(UNSEEN).all("look for groups left behind").await?;
    Ok(found.into_iter().map(|it| it.0).collect())
}

const FORGET: &str = "
    with gone as (
        delete from {schema}.outbox_group as g
        where g.grp = $2 and not exists (
            select from {schema}.outbox_group as held
            where held.grp = $2 and held.owner is not null
                and clock_timestamp() < held.leased_until)
        returning g.grp, g.low
    )
    insert into {schema}.outbox_group_gone (grp, gone_by, low)
    select gone.grp, $3, min(gone.low) from gone where $1::uuid is null group by gone.grp";

pub(crate) async fn forget(tx: &mut SystemTx, group: &str, by: &str) -> Result<bool, Fault> {
    let statement = tx.template(FORGET).bind(group.to_owned()).bind(by.to_owned());
    Ok(statement.run("forget the group").await? == 1)
}
