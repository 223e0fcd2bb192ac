-- Holds that the clock has ended are looked for over all tenants.
create index hold_due on {schema}.hold (expires_at) where state = 'open';

-- That the books of all tenants were verified, and how much was found.
-- class: engine
create table {schema}.inspection (
    id           uuid        not null,
    began_at     timestamptz not null,
    accounts     bigint      not null,
    transactions bigint      not null,
    entries      bigint      not null,
    is_conserved boolean     not null,
    -- How much differs in all, what is not told in `inspection_finding` included.
    differences  bigint      not null,
    primary key (id)
);
create index inspection_began on {schema}.inspection (began_at);

alter table {schema}.inspection enable row level security, force row level security;
create policy system on {schema}.inspection to {schema}_system using (true) with check (true);
grant select, insert, delete on {schema}.inspection to {schema}_system;

-- What differs, by tenant, so that it is erased with it.
-- class: tenant
create table {schema}.inspection_finding (
    tenant_id     uuid   not null,
    inspection_id uuid   not null,
    place         bigint not null,
    check_name    text   not null,
    subject       text   not null,
    says          text   not null,
    primary key (tenant_id, inspection_id, place)
);
create index inspection_finding_of on {schema}.inspection_finding (inspection_id);

alter table {schema}.inspection_finding enable row level security, force row level security;
create policy tenant on {schema}.inspection_finding to {schema}
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on {schema}.inspection_finding to {schema}_system
    using (true) with check (true);
grant select, insert, delete on {schema}.inspection_finding to {schema}_system;
