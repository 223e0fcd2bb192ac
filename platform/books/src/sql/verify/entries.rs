//! Entries: each account's line of them, without gap, in order and with the right running balance.

use super::{About, Check, differences};

pub(super) const CHECKS: &[Check] = &[
    Check { name: "entry-sequence", about: About::Entry, sql: SEQUENCE },
    Check { name: "entry-balance", about: About::Entry, sql: BALANCE },
    Check { name: "effective-time", about: About::Entry, sql: EFFECTIVE_TIME },
    Check { name: "entry-flow", about: About::Entry, sql: FLOW },
    Check { name: "recorded-order", about: About::Entry, sql: RECORDED_ORDER },
];

const SEQUENCE: &str = differences!(
    "
    select tenant_id, account_id, seq, before + 1, seq
    from (
        select e.tenant_id, e.account_id, e.seq,
               lag(e.seq, 1, 0::int8)
                   over (partition by e.tenant_id, e.account_id order by e.seq) as before
        from {schema}.entry as e
    ) as line
    where seq <> before + 1"
);

const BALANCE: &str = differences!(
    "
    select tenant_id, account_id, seq, before + amount, balance
    from (
        select e.tenant_id, e.account_id, e.seq, e.amount, e.balance,
               lag(e.balance, 1, 0::int8)
                   over (partition by e.tenant_id, e.account_id order by e.seq)::numeric as before
        from {schema}.entry as e
    ) as line
    where balance <> before + amount"
);

const EFFECTIVE_TIME: &str = differences!(
    "
    select e.tenant_id, e.account_id, e.seq, t.effective_at, e.effective_at
    from {schema}.entry as e
    join {schema}.transfer as t on t.tenant_id = e.tenant_id and t.id = e.transfer_id
    where t.effective_at <> e.effective_at"
);

const FLOW: &str = differences!(
    "
    select e.tenant_id, e.account_id, e.seq, t.flow, e.flow
    from {schema}.entry as e
    join {schema}.transfer as t on t.tenant_id = e.tenant_id and t.id = e.transfer_id
    where t.flow <> e.flow"
);

const RECORDED_ORDER: &str = differences!(
    "
    select tenant_id, account_id, seq, 'recorded from ' || before || ' on', recorded_at
    from (
        select e.tenant_id, e.account_id, e.seq, t.recorded_at,
               lag(t.recorded_at)
                   over (partition by e.tenant_id, e.account_id order by e.seq) as before
        from {schema}.entry as e
        join {schema}.transfer as t on t.tenant_id = e.tenant_id and t.id = e.transfer_id
    ) as line
    where recorded_at < before"
);
