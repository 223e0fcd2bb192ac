-- The rules by which a merchant gives points.
-- class: tenant
create table socle_ledger.programme (
    tenant_id     uuid        not null,
    id            uuid        not null,
    name          text        not null,
    currency      text        not null,
    -- `points` for each `per_units` whole units of the currency.
    points        bigint      not null,
    per_units     bigint      not null,
    rounding      text        not null,
    -- Smallest units of the currency; a smaller purchase earns nothing.
    minimum       bigint      not null,
    -- How long points live; null is for ever.
    life_months   integer,
    -- Smallest units of the currency that 1,000 points are worth.
    worth         bigint      not null,
    created_at    timestamptz not null,
    primary key (tenant_id, id),
    constraint programme_name_taken unique (tenant_id, name),
    constraint programme_name_length check (length(name) between 1 and 100),
    constraint programme_rate check (0 < points and 0 < per_units),
    constraint programme_rounding check (rounding in ('down', 'half-up', 'up')),
    constraint programme_minimum check (0 <= minimum),
    constraint programme_life check (0 < life_months),
    constraint programme_worth check (0 <= worth)
);

-- What customers bought, and how much of it they gave back. A purchase of no points is one too.
-- class: tenant
create table socle_ledger.purchase (
    tenant_id       uuid        not null,
    id              uuid        not null,
    programme_id    uuid        not null,
    customer        text        not null,
    -- The transaction that gave points for it; null when it earned none.
    transaction_id  uuid,
    effective_at    timestamptz not null,
    -- Smallest units of the programme's currency.
    amount          bigint      not null,
    points          bigint      not null,
    refunded        bigint      not null,
    refunded_points bigint      not null,
    primary key (tenant_id, id),
    constraint purchase_customer_length check (length(customer) <= 100),
    constraint purchase_amounts check (
        0 <= refunded and refunded <= amount
        and 0 <= refunded_points and refunded_points <= points),
    constraint purchase_transaction check ((points = 0) = (transaction_id is null))
);
create index purchase_of_transaction on socle_ledger.purchase (tenant_id, transaction_id)
    where transaction_id is not null;

-- What was given back, and the points that it took; those of no points have no transaction.
-- class: tenant
create table socle_ledger.refund (
    tenant_id   uuid   not null,
    -- Its transaction's too.
    id          uuid   not null,
    purchase_id uuid   not null,
    -- Smallest units of the programme's currency.
    amount      bigint not null,
    points      bigint not null,
    primary key (tenant_id, id),
    constraint refund_amounts check (0 < amount and 0 <= points)
);

alter table socle_ledger.programme enable row level security, force row level security;
create policy tenant on socle_ledger.programme to socle_ledger
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on socle_ledger.programme to socle_ledger_system
    using (true) with check (true);
grant select, insert on socle_ledger.programme to socle_ledger;
grant select on socle_ledger.programme to socle_ledger_system;

alter table socle_ledger.purchase enable row level security, force row level security;
create policy tenant on socle_ledger.purchase to socle_ledger
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on socle_ledger.purchase to socle_ledger_system
    using (true) with check (true);
grant select, insert on socle_ledger.purchase to socle_ledger, socle_ledger_system;
grant update (refunded, refunded_points) on socle_ledger.purchase to socle_ledger;

alter table socle_ledger.refund enable row level security, force row level security;
create policy tenant on socle_ledger.refund to socle_ledger
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on socle_ledger.refund to socle_ledger_system
    using (true) with check (true);
grant select, insert on socle_ledger.refund to socle_ledger;
grant select on socle_ledger.refund to socle_ledger_system;
