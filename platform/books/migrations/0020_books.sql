-- The books of one module. Amounts are signed: credit is positive, debit negative. What is written
-- in `transfer`, `entry` and `lot_move` is never changed; the rest is what follows from it.

-- class: tenant
create table {schema}.account (
    tenant_id      uuid        not null,
    id             uuid        not null,
    asset          text        not null,
    owner          text        not null,
    purpose        text        not null,
    side           smallint    not null,
    -- Bounds of the balance as its normal side counts it; null is without bound.
    floor          bigint,
    ceiling        bigint,
    -- Where value goes when its lot expires; null is an account without lots.
    expires_to     uuid,
    is_closed      boolean     not null,
    -- The sum of all entries, and what open holds would still take (debit) or bring (credit).
    balance        bigint      not null,
    pending_debit  bigint      not null,
    pending_credit bigint      not null,
    -- How many entries there are, and when the last one was recorded.
    seq            bigint      not null,
    recorded_at    timestamptz not null,
    primary key (tenant_id, id),
    constraint account_is_one unique (tenant_id, owner, purpose, asset),
    constraint account_texts check (
        length(asset) <= 48 and length(owner) <= 120 and length(purpose) <= 40),
    constraint account_side check (side in (-1, 1)),
    constraint account_pending check (0 <= pending_debit and 0 <= pending_credit),
    constraint account_floor check (
        floor <= case side when 1 then balance - pending_debit
                           else -(balance + pending_credit) end),
    constraint account_ceiling check (
        case side when 1 then balance + pending_credit
                  else -(balance - pending_debit) end <= ceiling),
    constraint account_closed_is_empty check (
        not is_closed or (balance = 0 and pending_debit = 0 and pending_credit = 0))
) with (fillfactor = 70);

-- class: tenant
create table {schema}.transfer (
    tenant_id    uuid        not null,
    id           uuid        not null,
    -- The place in the tenant's journal: 1, 2, 3 … without a gap.
    number       bigint      not null,
    kind         text        not null,
    -- 0 plain, 1 correction, 2 expiry: which side of the roll-up it counts on.
    flow         smallint    not null,
    recorded_at  timestamptz not null,
    effective_at timestamptz not null,
    -- Its entries, as (account, seq): leg by leg, the one whose transfer it is first.
    accounts     uuid[]      not null,
    seqs         bigint[]    not null,
    actortype    text        not null,
    actorid      text        not null,
    correlation  uuid        not null,
    reason       text,
    reverses     uuid,
    hold_id      uuid,
    -- Of the command, so that the same identifier with another meaning is refused.
    fingerprint  bigint      not null,
    primary key (tenant_id, id),
    constraint transfer_number unique (tenant_id, number),
    constraint transfer_flow check (flow between 0 and 2),
    constraint transfer_kind_length check (length(kind) <= 40),
    constraint transfer_reason_length check (length(reason) <= 500),
    constraint transfer_is_not_early check (effective_at <= recorded_at)
);
create unique index transfer_reversed_once on {schema}.transfer (tenant_id, reverses)
    where reverses is not null;
create index transfer_of_hold on {schema}.transfer (tenant_id, hold_id) where hold_id is not null;

-- The key is the fence: nobody writes an account's next entry without having seen its last.
-- class: tenant
create table {schema}.entry (
    tenant_id    uuid        not null,
    account_id   uuid        not null,
    seq          bigint      not null,
    transfer_id  uuid        not null,
    amount       bigint      not null,
    balance      bigint      not null,
    effective_at timestamptz not null,
    -- Its transfer's, so that a sum over a moment's day needs this table alone.
    flow         smallint    not null,
    primary key (tenant_id, account_id, seq),
    constraint entry_amount check (amount <> 0)
);
create index entry_effective on {schema}.entry (tenant_id, account_id, effective_at);

-- What a day brought to an account, by effective date. The balance is credit - debit - expired.
-- A correction lowers the side that it corrects, so each may be negative on a day.
-- class: tenant
create table {schema}.rollup (
    tenant_id  uuid   not null,
    account_id uuid   not null,
    day        date   not null,
    credit     bigint not null,
    debit      bigint not null,
    expired    bigint not null,
    primary key (tenant_id, account_id, day)
) with (fillfactor = 70);

-- A parcel of value; named by the entry that brought it.
-- class: tenant
create table {schema}.lot (
    tenant_id    uuid        not null,
    account_id   uuid        not null,
    seq          bigint      not null,
    transfer_id  uuid        not null,
    amount       bigint      not null,
    remaining    bigint      not null,
    -- The part of `remaining` that open holds have set aside.
    reserved     bigint      not null,
    effective_at timestamptz not null,
    expires_at   timestamptz,
    primary key (tenant_id, account_id, seq),
    constraint lot_remaining check (
        0 <= reserved and reserved <= remaining and remaining <= amount),
    constraint lot_life check (effective_at < expires_at)
) with (fillfactor = 70);
create index lot_due on {schema}.lot (tenant_id, expires_at) where 0 < remaining;

-- What an entry took from a lot (negative) or gave back to it.
-- class: tenant
create table {schema}.lot_move (
    tenant_id  uuid   not null,
    account_id uuid   not null,
    entry_seq  bigint not null,
    lot_seq    bigint not null,
    amount     bigint not null,
    primary key (tenant_id, account_id, entry_seq, lot_seq),
    constraint lot_move_amount check (amount <> 0)
);

-- class: tenant
create table {schema}.hold (
    tenant_id   uuid        not null,
    id          uuid        not null,
    account_id  uuid        not null,
    counter_id  uuid        not null,
    amount      bigint      not null,
    captured    bigint      not null,
    state       text        not null,
    kind        text        not null,
    recorded_at timestamptz not null,
    expires_at  timestamptz not null,
    fingerprint bigint      not null,
    primary key (tenant_id, id),
    constraint hold_captured check (0 <= captured and captured <= amount and 0 < amount),
    constraint hold_kind_length check (length(kind) <= 40),
    constraint hold_state check (state in ('open', 'captured', 'voided', 'expired'))
) with (fillfactor = 70);
create index hold_of_account on {schema}.hold (tenant_id, account_id, expires_at)
    where state = 'open';
create index hold_of_counter on {schema}.hold (tenant_id, counter_id, expires_at)
    where state = 'open';

-- What an open hold has set aside of which lot.
-- class: tenant
create table {schema}.hold_lot (
    tenant_id  uuid   not null,
    hold_id    uuid   not null,
    account_id uuid   not null,
    lot_seq    bigint not null,
    amount     bigint not null,
    primary key (tenant_id, hold_id, lot_seq),
    constraint hold_lot_amount check (0 <= amount)
);

-- class: tenant
create table {schema}.metadata (
    tenant_id   uuid   not null,
    key         text   not null,
    value       text   not null,
    -- Its transfer's place in the journal: what is found is told in that order, page by page.
    number      bigint not null,
    transfer_id uuid   not null,
    primary key (tenant_id, key, value, number),
    constraint metadata_lengths check (length(key) <= 64 and length(value) <= 500)
);
create index metadata_of_transfer on {schema}.metadata (tenant_id, transfer_id);

-- class: tenant
create table {schema}.journal (
    tenant_id uuid   not null,
    number    bigint not null,
    primary key (tenant_id)
) with (fillfactor = 50);

-- What has been asked under a key, and the answer: the transfers and holds it made, or a refusal.
-- class: tenant
create table {schema}.idempotency (
    tenant_id   uuid        not null,
    key         uuid        not null,
    fingerprint bigint      not null,
    -- The request that was answered so first.
    correlation uuid        not null,
    recorded_at timestamptz not null,
    -- When it may be forgotten; null is never.
    expires_at  timestamptz,
    transfers   uuid[]      not null,
    refusal     json,
    primary key (tenant_id, key)
);
create index idempotency_expiring on {schema}.idempotency (expires_at)
    where expires_at is not null;
