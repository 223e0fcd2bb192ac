-- What groups of this module have done with the events of others, in the commit that did it.
-- A mark says that a group has taken charge of an event: it is handled, or it lies in `delivery`.
-- class: tenant
create table {schema}.inbox (
    tenant_id  uuid        not null,
    grp        text        not null,
    event_id   uuid        not null,
    handled_at timestamptz not null default clock_timestamp(),
    constraint inbox_pkey primary key (tenant_id, grp, event_id),
    constraint inbox_grp_length check (length(grp) <= 100)
);

-- Marks come in the order of time, and go in it.
create index inbox_of_time on {schema}.inbox using brin (handled_at) with (autosummarize = on);

-- Events that failed, and those of the same key behind them, whole: the log may go before they do.
-- class: tenant
create table {schema}.delivery (
    tenant_id     uuid        not null,
    grp           text        not null,
    id            uuid        not null,
    seq           bigint      not null,
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
    state         text        not null,
    -- In all, and since somebody asked for it again.
    attempts      int         not null default 0,
    tries         int         not null default 0,
    next_at       timestamptz not null,
    parked_at     timestamptz not null default clock_timestamp(),
    moved_at      timestamptz not null default clock_timestamp(),
    first_error   text,
    last_error    text,
    -- Who asked for it again or gave it up, as printed.
    decided_by    text,
    decided_at    timestamptz,
    constraint delivery_pkey primary key (tenant_id, grp, id),
    constraint delivery_texts check (
        length(grp) <= 100 and length(type) <= 100 and length(partitionkey) <= 200),
    constraint delivery_state check (
        state in ('retrying', 'waiting', 'replaying', 'dead', 'handled', 'discarded')),
    constraint delivery_counts check (0 <= tries and tries <= attempts)
);

create index delivery_of_key on {schema}.delivery (tenant_id, grp, partitionkey, seq)
    where state in ('retrying', 'waiting');
create index delivery_due on {schema}.delivery (grp, next_at)
    where state in ('retrying', 'replaying');
create index delivery_in_state on {schema}.delivery (grp, state, seq)
    where state in ('retrying', 'waiting', 'replaying', 'dead');
create index delivery_done on {schema}.delivery (moved_at)
    where state in ('handled', 'discarded');

alter table {schema}.inbox enable row level security, force row level security;
alter table {schema}.delivery enable row level security, force row level security;
create policy tenant on {schema}.inbox to {schema}
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy tenant on {schema}.delivery to {schema}
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on {schema}.inbox to {schema}_system using (true) with check (true);
create policy system on {schema}.delivery to {schema}_system using (true) with check (true);
grant select, insert on {schema}.inbox to {schema};
grant select, insert, update on {schema}.delivery to {schema};
grant select, delete on {schema}.inbox to {schema}_system;
grant select, update, delete on {schema}.delivery to {schema}_system;
