//! Accounts: their figures follow from entries and open holds, and keep within bounds.

use super::{About, Check, differences};

pub(super) const CHECKS: &[Check] = &[
    Check { name: "account-balance", about: About::Account, sql: BALANCE },
    Check { name: "account-seq", about: About::Account, sql: SEQ },
    Check { name: "account-recorded", about: About::Account, sql: RECORDED },
    Check { name: "account-pending", about: About::Account, sql: PENDING },
    Check { name: "account-bounds", about: About::Account, sql: BOUNDS },
    Check { name: "account-closed", about: About::Account, sql: CLOSED },
];

const BALANCE: &str = differences!(
    "
    select tenant_id, account_id, null::int8, coalesce(line.balance, 0),
           coalesce(a.balance::text, 'no account')
    from (
        select e.tenant_id, e.account_id, sum(e.amount) as balance
        from {schema}.entry as e group by e.tenant_id, e.account_id
    ) as line
    full join (
        select it.tenant_id, it.id as account_id, it.balance from {schema}.account as it
    ) as a using (tenant_id, account_id)
    where coalesce(line.balance, 0) is distinct from a.balance"
);

const SEQ: &str = differences!(
    "
    select tenant_id, account_id, null::int8, coalesce(line.entries, 0),
           coalesce(a.seq::text, 'no account')
    from (
        select e.tenant_id, e.account_id, count(*) as entries
        from {schema}.entry as e group by e.tenant_id, e.account_id
    ) as line
    full join (
        select it.tenant_id, it.id as account_id, it.seq from {schema}.account as it
    ) as a using (tenant_id, account_id)
    where coalesce(line.entries, 0) is distinct from a.seq"
);

/// An account without entries keeps the moment it was opened.
const RECORDED: &str = differences!(
    "
    select a.tenant_id, a.id, null::int8, t.recorded_at, a.recorded_at
    from {schema}.account as a
    join {schema}.entry as e
        on e.tenant_id = a.tenant_id and e.account_id = a.id and e.seq = a.seq
    join {schema}.transfer as t on t.tenant_id = e.tenant_id and t.id = e.transfer_id
    where t.recorded_at <> a.recorded_at"
);

const PENDING: &str = differences!(
    "
    select tenant_id, account_id, null::int8,
           coalesce(held.debit, 0) || ' to take and ' || coalesce(held.credit, 0) || ' to bring',
           coalesce(a.pending_debit || ' and ' || a.pending_credit, 'no account')
    from (
        select tenant_id, account_id, sum(debit) as debit, sum(credit) as credit
        from (
            select h.tenant_id, h.account_id, h.amount::numeric - h.captured as debit, 0 as credit
            from {schema}.hold as h where h.state = 'open'
            union all
            select h.tenant_id, h.counter_id, 0, h.amount::numeric - h.captured
            from {schema}.hold as h where h.state = 'open'
        ) as part
        group by tenant_id, account_id
    ) as held
    full join (
        select it.tenant_id, it.id as account_id, it.pending_debit, it.pending_credit
        from {schema}.account as it
    ) as a using (tenant_id, account_id)
    where coalesce(held.debit, 0) is distinct from a.pending_debit
        or coalesce(held.credit, 0) is distinct from a.pending_credit"
);

/// What is pending counts as if it had happened, on the side where it hurts.
const BOUNDS: &str = differences!(
    "
    select tenant_id, id, null::int8,
           coalesce(floor::text, 'anything') || ' to ' || coalesce(ceiling::text, 'anything'),
           lowest || ' to ' || highest
    from (
        select a.tenant_id, a.id, a.floor, a.ceiling,
               case a.side when 1 then a.balance::numeric - a.pending_debit
                           else -(a.balance::numeric + a.pending_credit) end as lowest,
               case a.side when 1 then a.balance::numeric + a.pending_credit
                           else -(a.balance::numeric - a.pending_debit) end as highest
        from {schema}.account as a
    ) as reach
    where lowest < floor or ceiling < highest"
);

const CLOSED: &str = differences!(
    "
    select a.tenant_id, a.id, null::int8, 'a closed account to be empty', a.balance
    from {schema}.account as a
    where a.is_closed and (a.balance, a.pending_debit, a.pending_credit) <> (0, 0, 0)"
);
