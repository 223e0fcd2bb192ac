-- Verifications that were asked for, and what they found.
-- class: tenant
create table socle_ledger.verification (
    tenant_id    uuid        not null,
    id           uuid        not null,
    state        text        not null,
    asked_at     timestamptz not null,
    -- Until when the process that has it in its queue may be at it.
    leased_until timestamptz not null,
    -- What was found; null until it is done.
    found        jsonb,
    primary key (tenant_id, id),
    constraint verification_state check (state in ('waiting', 'running', 'done', 'failed')),
    constraint verification_found check ((state = 'done') = (found is not null))
);

alter table socle_ledger.verification enable row level security, force row level security;
create policy tenant on socle_ledger.verification to socle_ledger
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on socle_ledger.verification to socle_ledger_system
    using (true) with check (true);
grant select, insert on socle_ledger.verification to socle_ledger;
grant update (state, leased_until, found) on socle_ledger.verification to socle_ledger;
grant select on socle_ledger.verification to socle_ledger_system;
