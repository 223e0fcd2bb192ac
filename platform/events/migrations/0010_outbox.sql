-- Facts that wait for the relay. The envelope is in columns, the payload in `data`; nothing is
-- changed or taken back. `xid` is the writing transaction: the relay's cursor is a snapshot, which
-- knows what had committed, while the order of `seq` is only the order of drawing.
-- class: engine
create table {schema}.outbox (
    xid           xid8        not null default pg_current_xact_id(),
    seq           bigint      not null generated always as identity,
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
    constraint outbox_type_length check (length(type) <= 100),
    constraint outbox_partitionkey_length check (length(partitionkey) <= 200),
    constraint outbox_sequence_positive check (0 < sequence),
    primary key (xid, seq)
);

alter table {schema}.outbox enable row level security, force row level security;
create policy tenant on {schema}.outbox for insert to {schema}
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on {schema}.outbox to {schema}_system using (true) with check (true);
grant insert on {schema}.outbox to {schema};
grant select, insert on {schema}.outbox to {schema}_system;
