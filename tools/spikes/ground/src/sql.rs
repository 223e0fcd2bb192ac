//! The spikes' SQL.

pub(crate) const SESSION: &str =
    "set idle_in_transaction_session_timeout = '2s'; set lock_timeout = '10s'";

pub(crate) const TABLES: &str = "
create table key (
    tenantid text, partitionkey text, sequence bigint not null,
    primary key (tenantid, partitionkey)
);
create table outbox (
    xid xid8 not null default pg_current_xact_id(),
    seq bigint generated always as identity primary key,
    id uuid not null default gen_random_uuid(), type text not null,
    tenantid text not null, partitionkey text not null, sequence bigint not null,
    time timestamptz not null default now(), data text not null
);
create index on outbox (xid, seq);
create table relay (
    target text primary key, epoch bigint not null, s0 text not null, s1 text not null,
    last bigint not null, admitted boolean not null
);
create table inbox (grp text, event_id uuid, primary key (grp, event_id));
create table effect (
    n bigint generated always as identity, grp text, consumer text, event_id uuid,
    tenantid text, partitionkey text, sequence bigint, at timestamptz default clock_timestamp()
);
create table seen (
    n bigint generated always as identity, grp text, consumer text, event_id uuid,
    tenantid text, partitionkey text, sequence bigint, at timestamptz default clock_timestamp()
);
create index on seen (tenantid, partitionkey, sequence);
create table parked (
    grp text, event_id uuid, type text, tenantid text, partitionkey text, sequence bigint,
    time text, data text, attempts int, error text, next_at timestamptz, dead boolean,
    primary key (grp, event_id)
);
create table poison (tenantid text, partitionkey text, sequence bigint, heals boolean);
create table note (n bigint generated always as identity, who text, what text);
create table confirmed (event_id uuid);
create table member (grp text, name text, seen_at timestamptz not null, primary key (grp, name));
";

/// One transaction of random keys, each with its next sequence; locks in the order of the keys.
pub(crate) const WRITE: &str = "
with drawn as (
    insert into key (tenantid, partitionkey, sequence)
    select 't' || (k % 3)::text, 'k' || k::text, 1
    from (
        select distinct (random() * ($1::int - 1))::int from generate_series(1, $2::int)
    ) as keys (k)
    order by k
    on conflict (tenantid, partitionkey) do update set sequence = key.sequence + 1
    returning tenantid, partitionkey, sequence
)
insert into outbox (type, tenantid, partitionkey, sequence, data)
select 'spike.thing.done', tenantid, partitionkey, sequence, '{\"n\":' || sequence || '}'
from drawn";

/// Takes the cursor over: whoever had it before is fenced by the epoch.
pub(crate) const TAKE_CURSOR: &str = "
insert into relay values ($1, 1, '1:1:', '1:1:', 0, false)
on conflict (target) do update set epoch = relay.epoch + 1
returning epoch, s0, s1, last, admitted";

/// What snapshot `$2` saw and `$1` did not, in the order of `seq`: the order of each key, whose row
/// was locked before `seq` was drawn. The order of `xid` is not: it may be drawn before the lock.
pub(crate) const PAGE: &str = "
select seq, id, type, tenantid, partitionkey, sequence, time::text, data
from outbox
where (xid = any (array(select pg_snapshot_xip($1::text::pg_snapshot)))
       or pg_snapshot_xmax($1::text::pg_snapshot) <= xid)
  and pg_visible_in_snapshot(xid, $2::text::pg_snapshot) and $3 < seq
order by seq limit $4";

pub(crate) const SNAPSHOT: &str = "select pg_current_snapshot()::text";

pub(crate) const MOVE_CURSOR: &str = "
update relay set s0 = $3, s1 = $4, last = $5, admitted = $6 where target = $1 and epoch = $2";

pub(crate) const CONFIRMED: &str = "insert into confirmed select unnest($1::uuid[])";

pub(crate) const SEEN: &str = "
insert into seen (grp, consumer, event_id, tenantid, partitionkey, sequence)
select $1, $2, * from unnest($3::uuid[], $4::text[], $5::text[], $6::bigint[])";

pub(crate) const PARKED_KEYS: &str = "
select distinct tenantid, partitionkey from parked where grp = $1 and not dead";

/// Marks in the order of the events' ids, so that two consumers of the same page cannot deadlock.
pub(crate) const MARK: &str = "
insert into inbox select $1, it from unnest($2::uuid[]) as it order by it
on conflict do nothing returning event_id";

pub(crate) const EFFECT: &str = "
insert into effect (grp, consumer, event_id, tenantid, partitionkey, sequence)
select $1, $2, * from unnest($3::uuid[], $4::text[], $5::text[], $6::bigint[])";

/// What fails for ever, or until 1.5 s after it was first seen.
pub(crate) const POISONED: &str = "
select count(*) from poison
join unnest($1::text[], $2::text[], $3::bigint[]) as it (tenantid, partitionkey, sequence)
    using (tenantid, partitionkey, sequence)
where not heals or not exists (
    select from seen
    where (seen.tenantid, seen.partitionkey, seen.sequence)
        = (poison.tenantid, poison.partitionkey, poison.sequence)
      and seen.at < clock_timestamp() - interval '1.5 s')";

pub(crate) const PARK: &str = "
insert into parked
select $1, it.*, $9, $10, clock_timestamp() + interval '100 ms', false
from (values ($2::uuid, $3::text, $4::text, $5::text, $6::bigint, $7::text, $8::text)) as it
where not exists (select from inbox where grp = $1 and event_id = $2)
on conflict do nothing";

/// The first of each key that is due. A dead one holds nobody up.
pub(crate) const DUE: &str = "
select event_id, type, tenantid, partitionkey, sequence, time, data, attempts from (
    select distinct on (tenantid, partitionkey) * from parked where grp = $1 and not dead
    order by tenantid, partitionkey, sequence
) as head
where next_at <= clock_timestamp()";

pub(crate) const FAILED_AGAIN: &str = "
update parked set attempts = attempts + 1, dead = ($3 <= attempts + 1),
    next_at = clock_timestamp() + interval '100 ms' * 2 ^ attempts
where grp = $1 and event_id = $2";

pub(crate) const UNPARK: &str = "delete from parked where grp = $1 and event_id = $2";

pub(crate) const NOTE: &str = "insert into note (who, what) values ($1, $2)";

pub(crate) const COUNTS: &str = "
with s as (select * from seen where grp = $1),
     e as (select * from effect where grp = $1),
     first as (select distinct on (event_id) * from s order by event_id, n)
select (select count(*) from outbox),
       (select count(*) from s),
       (select count(*) - count(distinct event_id) from s),
       (select count(*) from e),
       (select count(*) - count(distinct event_id) from e),
       (select count(*) from (
            select sequence < max(sequence) over key as late from first
            window key as (partition by tenantid, partitionkey order by n)) as it where late),
       (select count(*) from (
            select sequence < max(sequence) over key as late from e
            window key as (partition by tenantid, partitionkey order by n)) as it where late)";

pub(crate) const DONE: &str = "
select (select count(*) from outbox) <= (select count(*) from effect where grp = $1)";

pub(crate) const BEAT: &str = "
insert into member values ($1, $2, clock_timestamp())
on conflict (grp, name) do update set seen_at = clock_timestamp()";

pub(crate) const MEMBERS: &str =
    "select count(*) from member where grp = $1 and clock_timestamp() - interval '5 s' < seen_at";
