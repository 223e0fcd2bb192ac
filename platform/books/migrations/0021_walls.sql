-- Who may see and do what. A caller's role is held to its tenant, the system role to no tenant.

alter table {schema}.account enable row level security, force row level security;
create policy tenant on {schema}.account to {schema}
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on {schema}.account to {schema}_system using (true) with check (true);
grant select, insert on {schema}.account to {schema}, {schema}_system;

alter table {schema}.transfer enable row level security, force row level security;
create policy tenant on {schema}.transfer to {schema}
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on {schema}.transfer to {schema}_system using (true) with check (true);
grant select, insert on {schema}.transfer to {schema}, {schema}_system;

alter table {schema}.entry enable row level security, force row level security;
create policy tenant on {schema}.entry to {schema}
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on {schema}.entry to {schema}_system using (true) with check (true);
grant select, insert on {schema}.entry to {schema}, {schema}_system;

alter table {schema}.rollup enable row level security, force row level security;
create policy tenant on {schema}.rollup to {schema}
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on {schema}.rollup to {schema}_system using (true) with check (true);
grant select, insert on {schema}.rollup to {schema}, {schema}_system;

alter table {schema}.lot enable row level security, force row level security;
create policy tenant on {schema}.lot to {schema}
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on {schema}.lot to {schema}_system using (true) with check (true);
grant select, insert on {schema}.lot to {schema}, {schema}_system;

alter table {schema}.lot_move enable row level security, force row level security;
create policy tenant on {schema}.lot_move to {schema}
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on {schema}.lot_move to {schema}_system using (true) with check (true);
grant select, insert on {schema}.lot_move to {schema}, {schema}_system;

alter table {schema}.hold enable row level security, force row level security;
create policy tenant on {schema}.hold to {schema}
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on {schema}.hold to {schema}_system using (true) with check (true);
grant select, insert on {schema}.hold to {schema}, {schema}_system;

alter table {schema}.hold_lot enable row level security, force row level security;
create policy tenant on {schema}.hold_lot to {schema}
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on {schema}.hold_lot to {schema}_system using (true) with check (true);
grant select, insert on {schema}.hold_lot to {schema}, {schema}_system;

alter table {schema}.metadata enable row level security, force row level security;
create policy tenant on {schema}.metadata to {schema}
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on {schema}.metadata to {schema}_system using (true) with check (true);
grant select, insert on {schema}.metadata to {schema}, {schema}_system;

alter table {schema}.journal enable row level security, force row level security;
create policy tenant on {schema}.journal to {schema}
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on {schema}.journal to {schema}_system using (true) with check (true);
grant select, insert on {schema}.journal to {schema}, {schema}_system;

alter table {schema}.idempotency enable row level security, force row level security;
create policy tenant on {schema}.idempotency to {schema}
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on {schema}.idempotency to {schema}_system using (true) with check (true);
grant select, insert on {schema}.idempotency to {schema}, {schema}_system;

-- Facts are only ever added; what follows from them may be brought up to date, column by column.
grant update (is_closed, balance, pending_debit, pending_credit, seq, recorded_at)
    on {schema}.account to {schema}, {schema}_system;
grant update (credit, debit, expired) on {schema}.rollup to {schema}, {schema}_system;
grant update (remaining, reserved) on {schema}.lot to {schema}, {schema}_system;
grant update (captured, state) on {schema}.hold to {schema}, {schema}_system;
grant update (amount) on {schema}.hold_lot to {schema}, {schema}_system;
grant update (number) on {schema}.journal to {schema}, {schema}_system;
grant update (transfers, refusal, correlation, expires_at)
    on {schema}.idempotency to {schema}, {schema}_system;
-- What has expired is forgotten.
grant delete on {schema}.idempotency to {schema}_system;
