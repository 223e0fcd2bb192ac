-- The outbox becomes a log that readers go through, in partitions that can be dropped. `seq` comes
-- from a sequence of its own, because a partitioned table has no identity in PostgreSQL 15; it is
-- drawn after `xid`, column by column, and must never be cached: readers count on both.
alter table {schema}.outbox rename to outbox_before;
alter table {schema}.outbox_before rename constraint outbox_pkey to outbox_before_pkey;
alter table {schema}.outbox_before no force row level security;

create sequence {schema}.outbox_seq;

-- class: engine
create table {schema}.outbox (
    xid           xid8        not null default pg_current_xact_id(),
    seq           bigint      not null default nextval('{schema}.outbox_seq'),
    tenant_id     uuid        not null,
    id            uuid        not null,
    type          text        not null,
    dataversion   smallint    not null,
    partitionkey  text        not null,
    sequence      bigint      not null,
    time          timestamptz not null,
    actortype     text        not null,
    actorid       text        not null,
    correlationid uuid        not null,
    causationid   uuid,
    data          json        not null,
    onbehalfof    text,
    traceparent   text,
    constraint outbox_type_length check (length(type) <= 100),
    constraint outbox_partitionkey_length check (length(partitionkey) <= 200),
    constraint outbox_sequence_positive check (0 < sequence),
    constraint outbox_pkey primary key (seq)
) partition by range (seq);

-- What a transaction that was open in a reader's last snapshot has written.
create index outbox_of_xid on {schema}.outbox (xid, seq);

-- Partitions of 2^20 rows, the last eight of them empty. Nobody but the owner has a right on a
-- partition itself; it forces row security all the same, without a policy, so it shows nothing.
do $do$
declare
    first bigint;
    last bigint;
begin
    select coalesce(min(seq), 1) >> 20, coalesce((max(seq) >> 20) + 1, 0) into first, last
    from {schema}.outbox_before;
    for n in first .. last + 7 loop
        execute format(
            'create table {schema}.outbox_p%s partition of {schema}.outbox
             for values from (%s) to (%s)', n, n << 20, (n + 1) << 20);
        execute format(
            'alter table {schema}.outbox_p%s
                 enable row level security, force row level security', n);
    end loop;
end $do$;

insert into {schema}.outbox
    (xid, seq, tenant_id, id, type, dataversion, partitionkey, sequence, time, actortype, actorid,
     correlationid, causationid, data)
select xid, seq, tenant_id, id, type, dataversion, partitionkey, sequence, time, actortype, actorid,
       correlationid, causationid, data
from {schema}.outbox_before;
select setval('{schema}.outbox_seq', coalesce(max(seq), 0) + 1, false) from {schema}.outbox_before;
drop table {schema}.outbox_before;

alter table {schema}.outbox enable row level security, force row level security;
create policy tenant on {schema}.outbox for insert to {schema}
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on {schema}.outbox to {schema}_system using (true) with check (true);
grant insert on {schema}.outbox to {schema};
grant select, insert on {schema}.outbox to {schema}_system;
grant usage on sequence {schema}.outbox_seq to {schema}, {schema}_system;

-- Who reads the log, and how far each has come: everything visible in `snapshot` is handled, and of
-- what has become visible by `upto`, which ends at `high`, everything up to `last`. `low` is where
-- `snapshot` ends; what was written after it lies beyond, by transactions from `bound` on surely.
-- class: engine
create table {schema}.outbox_group (
    grp          text        not null,
    partition    smallint    not null,
    partitions   smallint    not null,
    types        text[]      not null,
    consumer     text        not null,
    owner        uuid,
    epoch        bigint      not null default 0,
    leased_until timestamptz not null default '-infinity',
    snapshot     pg_snapshot not null,
    upto         pg_snapshot,
    high         bigint      not null,
    low          bigint      not null,
    last         bigint      not null,
    bound        xid8,
    seen_at      timestamptz not null default clock_timestamp(),
    constraint outbox_group_pkey primary key (grp, partition),
    constraint outbox_group_texts check (length(grp) <= 100 and length(consumer) <= 100),
    constraint outbox_group_partitions check (
        partitions between 1 and 16 and partition between 0 and partitions - 1)
);
grant select, insert, update, delete on {schema}.outbox_group to {schema}_system;

-- Workers that would take a share of a group, whether they have one or not.
-- class: engine
create table {schema}.outbox_member (
    grp        text        not null,
    member     uuid        not null,
    seen_until timestamptz not null,
    constraint outbox_member_pkey primary key (grp, member)
);
grant select, insert, update, delete on {schema}.outbox_member to {schema}_system;
