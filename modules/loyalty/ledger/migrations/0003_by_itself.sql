-- A verification is a job by now, which is rescued when its process dies.
alter table socle_ledger.verification alter column leased_until drop not null;
create index verification_open on socle_ledger.verification (tenant_id)
    where state in ('waiting', 'running');
create index verification_asked on socle_ledger.verification (tenant_id, asked_at);
grant delete on socle_ledger.verification to socle_ledger;

-- What customers have been told of: points of one account that expire on one day (in UTC).
-- class: tenant
create table socle_ledger.expiry_notice (
    tenant_id    uuid        not null,
    account_id   uuid        not null,
    day          date        not null,
    announced_at timestamptz not null,
    -- What there was to expire then.
    points       bigint      not null,
    primary key (tenant_id, account_id, day),
    constraint expiry_notice_points check (0 < points)
);
create index expiry_notice_day on socle_ledger.expiry_notice (tenant_id, day);

alter table socle_ledger.expiry_notice enable row level security, force row level security;
create policy tenant on socle_ledger.expiry_notice to socle_ledger
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on socle_ledger.expiry_notice to socle_ledger_system
    using (true) with check (true);
grant select, insert, delete on socle_ledger.expiry_notice to socle_ledger;
grant select on socle_ledger.expiry_notice to socle_ledger_system;
