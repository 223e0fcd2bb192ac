-- What is done later. What was asked for (`job`) never changes and is only looked at again to do
-- it; what changes (`job_run`) is narrow and holds nothing that has ended, so that the table which
-- every worker searches stays small. The tenant of what is done for no tenant in particular is
-- the nil UUID.

-- class: engine
create table {schema}.job (
    tenant_id     uuid        not null,
    id            uuid        not null,
    kind          text        not null,
    queue         text        not null,
    args          json        not null,
    unique_key    text,
    enqueued_at   timestamptz not null,
    actortype     text        not null,
    actorid       text        not null,
    onbehalfof    uuid,
    correlationid uuid        not null,
    causationid   uuid,
    traceparent   text,
    primary key (id),
    constraint job_texts check (
        length(kind) <= 100 and length(unique_key) <= 200 and length(actorid) <= 200
        and length(traceparent) <= 100),
    constraint job_queue check (queue in ('critical', 'high', 'default', 'low', 'scheduled')),
    constraint job_args_size check (octet_length(args::text) <= 65536)
);

-- The order of a queue is that of (run_at, id) within a tenant.
-- class: engine
create table {schema}.job_run (
    tenant_id    uuid               not null,
    id           uuid               not null,
    kind         text collate "C"   not null,
    queue        text collate "C"   not null,
    unique_key   text collate "C",
    state        text collate "C"   not null default 'waiting',
    run_at       timestamptz        not null,
    -- How often it has been begun, and may be.
    attempt      smallint           not null default 0,
    attempts_max smallint           not null,
    -- Grows whenever it changes hands: whoever holds an older one has lost it.
    fence        integer            not null default 0,
    worker       uuid,
    is_cancelled boolean            not null default false,
    done         bigint,
    total        bigint,
    note         text,
    -- Why the last attempt failed: a code, and the chain of causes.
    failed_at    timestamptz,
    reason       text,
    causes       text[],
    -- What a person did with it last, and who.
    act          text,
    act_by       text,
    act_at       timestamptz,
    primary key (id),
    constraint job_run_state check (state in ('waiting', 'running', 'dead')),
    constraint job_run_worker check ((worker is not null) = (state = 'running')),
    constraint job_run_attempt check (0 <= attempt and 0 < attempts_max),
    constraint job_run_texts check (length(note) <= 500 and length(act_by) <= 200)
) with (
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_insert_scale_factor = 0.2, autovacuum_vacuum_cost_delay = 0);

create index job_run_due on {schema}.job_run (queue, tenant_id, run_at, id)
    where state = 'waiting';
create index job_run_running on {schema}.job_run (worker) where state = 'running';
create index job_run_dead on {schema}.job_run (failed_at, id) where state = 'dead';
-- While one waits or runs, there is no other with its key.
create unique index job_run_once on {schema}.job_run (tenant_id, kind, unique_key)
    where unique_key is not null and state <> 'dead';

-- What has ended, until it is forgotten.
-- class: engine
create table {schema}.job_end (
    tenant_id uuid        not null,
    id        uuid        not null,
    ended_at  timestamptz not null,
    outcome   text        not null,
    attempt   smallint    not null,
    -- Who ended it, unless it did by itself.
    ended_by  text,
    primary key (id),
    constraint job_end_outcome check (outcome in ('done', 'cancelled', 'discarded')),
    constraint job_end_by_length check (length(ended_by) <= 200)
);
create index job_end_time on {schema}.job_end (ended_at);

-- Whoever works is held to be alive until its lease runs out, by the clock of the database. One
-- row a process and not one a job: what runs for hours is not written again every few seconds.
-- class: engine
create table {schema}.job_worker (
    id           uuid        not null,
    started_at   timestamptz not null default clock_timestamp(),
    leased_until timestamptz not null,
    primary key (id)
);

-- Queues that are held up, and by whom.
-- class: engine
create table {schema}.job_pause (
    queue     text        not null,
    paused_at timestamptz not null,
    paused_by text        not null,
    primary key (queue),
    constraint job_pause_by_length check (length(paused_by) <= 200)
);

-- What is to be done again and again, for a tenant or (nil) for none.
-- class: engine
create table {schema}.job_cron (
    name       text        not null,
    tenant_id  uuid        not null,
    zone       text        not null,
    expression text        not null,
    next_at    timestamptz not null,
    -- The time that it was last done for, and the job that did it.
    last_at    timestamptz,
    last_job   uuid,
    paused_at  timestamptz,
    paused_by  text,
    -- Somebody asked for it out of its turn.
    asked_at   timestamptz,
    asked_by   text,
    primary key (name, tenant_id),
    constraint job_cron_texts check (
        length(name) <= 100 and length(expression) <= 100 and length(zone) <= 100
        and length(paused_by) <= 200 and length(asked_by) <= 200)
);
create index job_cron_due on {schema}.job_cron (next_at) where paused_at is null;
create index job_cron_asked on {schema}.job_cron (asked_at) where asked_at is not null;

-- The key is what keeps an entry from being done twice for one time, whatever the clocks say.
-- class: engine
create table {schema}.job_fire (
    name         text        not null,
    tenant_id    uuid        not null,
    scheduled_at timestamptz not null,
    job_id       uuid        not null,
    primary key (name, tenant_id, scheduled_at)
);
create index job_fire_time on {schema}.job_fire (scheduled_at);

alter table {schema}.job enable row level security, force row level security;
alter table {schema}.job_run enable row level security, force row level security;
alter table {schema}.job_end enable row level security, force row level security;
alter table {schema}.job_worker enable row level security, force row level security;
alter table {schema}.job_pause enable row level security, force row level security;
alter table {schema}.job_cron enable row level security, force row level security;
alter table {schema}.job_fire enable row level security, force row level security;

create policy tenant on {schema}.job to {schema}
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy tenant on {schema}.job_run to {schema}
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy tenant on {schema}.job_end to {schema}
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on {schema}.job to {schema}_system using (true) with check (true);
create policy system on {schema}.job_run to {schema}_system using (true) with check (true);
create policy system on {schema}.job_end to {schema}_system using (true) with check (true);
create policy system on {schema}.job_worker to {schema}_system using (true) with check (true);
create policy system on {schema}.job_pause to {schema}_system using (true) with check (true);
create policy system on {schema}.job_cron to {schema}_system using (true) with check (true);
create policy system on {schema}.job_fire to {schema}_system using (true) with check (true);

-- A module enqueues, and ends its own jobs in its own transactions; it changes none.
grant insert on {schema}.job to {schema};
grant select, insert, delete on {schema}.job_run to {schema};
grant insert on {schema}.job_end to {schema};
grant select, insert, delete on {schema}.job to {schema}_system;
grant select, insert, update, delete on {schema}.job_run, {schema}.job_worker, {schema}.job_pause,
    {schema}.job_cron to {schema}_system;
grant select, insert, delete on {schema}.job_end, {schema}.job_fire to {schema}_system;
