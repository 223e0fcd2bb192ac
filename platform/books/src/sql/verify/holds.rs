//! Holds: what was captured, how they ended, and what they have set aside.

use super::{About, Check, differences};

pub(super) const CHECKS: &[Check] = &[
    Check { name: "hold-captured", about: About::Hold, sql: CAPTURED },
    Check { name: "hold-state", about: About::Hold, sql: STATE },
    Check { name: "hold-lots", about: About::Hold, sql: LOTS },
];

/// What the transfers of a hold took from its account. Their reversals do not name the hold.
const CAPTURED: &str = differences!(
    "
    select tenant_id, hold_id, null::int8, coalesce(taken.amount, 0),
           coalesce(hold.captured::text, 'no hold')
    from (
        select t.tenant_id, t.hold_id,
               -coalesce(sum(e.amount) filter (where e.account_id = h.account_id), 0) as amount
        from {schema}.transfer as t
        left join {schema}.hold as h on h.tenant_id = t.tenant_id and h.id = t.hold_id
        left join {schema}.entry as e on e.tenant_id = t.tenant_id and e.transfer_id = t.id
        where t.hold_id is not null
        group by t.tenant_id, t.hold_id
    ) as taken
    full join (
        select it.tenant_id, it.id as hold_id, it.captured from {schema}.hold as it
    ) as hold using (tenant_id, hold_id)
    where coalesce(taken.amount, 0) is distinct from hold.captured"
);

const STATE: &str = differences!(
    "
    select h.tenant_id, h.id, null::int8,
           case when h.captured = h.amount then 'captured' else 'not captured in full' end, h.state
    from {schema}.hold as h
    where (h.state = 'captured') <> (h.captured = h.amount)"
);

/// An open hold over lots has all that is left of it set aside, any other nothing.
const LOTS: &str = differences!(
    "
    select h.tenant_id, h.id, null::int8,
           case when h.state = 'open' and a.expires_to is not null
                then h.amount::numeric - h.captured else 0 end || ' set aside',
           coalesce(parts.amount, 0)
    from {schema}.hold as h
    left join {schema}.account as a on a.tenant_id = h.tenant_id and a.id = h.account_id
    left join (
        select p.tenant_id, p.hold_id, p.account_id, sum(p.amount) as amount
        from {schema}.hold_lot as p group by p.tenant_id, p.hold_id, p.account_id
    ) as parts
        on parts.tenant_id = h.tenant_id and parts.hold_id = h.id
        and parts.account_id = h.account_id
    where coalesce(parts.amount, 0)
        <> case when h.state = 'open' and a.expires_to is not null
                then h.amount::numeric - h.captured else 0 end"
);
