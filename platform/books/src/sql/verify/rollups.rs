//! Roll-ups: what entries brought to an account on a day.

use super::{About, Check, differences};

pub(super) const CHECKS: &[Check] = &[Check { name: "rollup", about: About::Account, sql: ROLLUP }];

/// A day without entries has no roll-up, a day with entries has one.
const ROLLUP: &str = differences!(
    "
    select tenant_id, account_id, null::int8,
           day || coalesce(' with credit ' || line.credit || ', debit ' || line.debit
                           || ', expired ' || line.expired, ' without entries'),
           coalesce(d.credit || ', ' || d.debit || ', ' || d.expired, 'none')
    from (
        select e.tenant_id, e.account_id, (e.effective_at at time zone 'UTC')::date as day,
               sum(case when t.flow = 0 and 0 < e.amount or t.flow = 1 and e.amount < 0
                        then e.amount else 0 end) as credit,
               sum(case when t.flow = 0 and e.amount < 0 or t.flow = 1 and 0 < e.amount
                        then -e.amount else 0 end) as debit,
               sum(case when t.flow = 2 then -e.amount else 0 end) as expired
        from {schema}.entry as e
        join {schema}.transfer as t on t.tenant_id = e.tenant_id and t.id = e.transfer_id
        group by e.tenant_id, e.account_id, day
    ) as line
    full join (
        select r.tenant_id, r.account_id, r.day, r.credit, r.debit, r.expired
        from {schema}.rollup as r
    ) as d using (tenant_id, account_id, day)
    where (line.credit, line.debit, line.expired) is distinct from (d.credit, d.debit, d.expired)"
);
