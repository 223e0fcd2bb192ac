//! What `verify` compares beside the books: purchases, the life of points, and what events tell.
//!
//! These run in the system role; `$2` is the one tenant to look at, or null.

use socle_books::{
    differences,
    verify::{About, Check},
};

/// All of them.
pub(crate) const CHECKS: &[Check] = &[
    Check { name: "purchase", about: About::Transfer, sql: PURCHASE },
    Check { name: "lot-expiry", about: About::Entry, sql: LOT_EXPIRY },
    Check { name: "outbox-data", about: About::Transfer, sql: OUTBOX_DATA },
];

/// Each earning has its purchase, of the same customer, points and moment, and the other way round.
const PURCHASE: &str = differences!(
    "
    select line.tenant_id, line.transfer_id, null::int8,
           'a purchase of ' || line.points || ' points by ' || coalesce(line.owner, 'nobody')
               || ' at ' || t.effective_at,
           coalesce(p.points || ' points by customer:' || p.customer || ' at ' || p.effective_at,
                    'none')
    from (
        select e.tenant_id, e.transfer_id, sum(e.amount) as points, min(a.owner) as owner
        from socle_ledger.entry as e
        join socle_ledger.account as a on a.tenant_id = e.tenant_id and a.id = e.account_id
            and a.purpose in ('points', 'debt')
        group by e.tenant_id, e.transfer_id
    ) as line
    join socle_ledger.transfer as t on t.tenant_id = line.tenant_id and t.id = line.transfer_id
        and t.kind = 'earn'
    left join socle_ledger.purchase as p
        on p.tenant_id = line.tenant_id and p.transaction_id = line.transfer_id
    where (p.points, 'customer:' || p.customer, p.effective_at)
        is distinct from (line.points, line.owner, t.effective_at)
    union all
    select p.tenant_id, p.transaction_id, null::int8, 'an earning of ' || p.points || ' points',
           'none'
    from socle_ledger.purchase as p
    left join socle_ledger.transfer as t on t.tenant_id = p.tenant_id and t.id = p.transaction_id
        and t.kind = 'earn'
    where p.transaction_id is not null and t.id is null"
);

/// Earned points live as long as their programme says: to the start of a day, some months later.
const LOT_EXPIRY: &str = differences!(
    "
    select tenant_id, account_id, seq, coalesce(due::text, 'never'),
           coalesce(expires_at::text, 'never')
    from (
        select l.tenant_id, l.account_id, l.seq, l.expires_at,
               (((l.effective_at at time zone 'UTC')::date
                   + make_interval(months => g.life_months))::date)::timestamp
                   at time zone 'UTC' as due
        from socle_ledger.lot as l
        join socle_ledger.transfer as t on t.tenant_id = l.tenant_id and t.id = l.transfer_id
            and t.kind = 'earn'
        join socle_ledger.account as a on a.tenant_id = l.tenant_id and a.id = l.account_id
        join socle_ledger.programme as g on g.tenant_id = a.tenant_id
            and a.asset = 'PTS.prog_' || replace(g.id::text, '-', '')
    ) as line
    where expires_at is distinct from due"
);

/// An event tells its transaction's name, kind and legs.
const OUTBOX_DATA: &str = differences!(
    "
    select t.tenant_id, t.id, null::int8, t.kind || ' ' || line.legs,
           coalesce(told.kind, 'no kind') || ' ' || coalesce(told.legs::text, 'no legs')
    from (
        select e.tenant_id, e.transfer_id,
               jsonb_object_agg('acc_' || replace(e.account_id::text, '-', '') || '/' || e.seq,
                                e.amount || ', then ' || e.balance) as legs
        from socle_ledger.entry as e group by e.tenant_id, e.transfer_id
    ) as line
    join socle_ledger.transfer as t on t.tenant_id = line.tenant_id and t.id = line.transfer_id
    join (
        select o.tenant_id, o.id, o.data ->> 'transaction' as transaction, o.data ->> 'kind' as kind,
               (select jsonb_object_agg(
                           coalesce(leg ->> 'account', '') || '/' || coalesce(leg ->> 'seq', ''),
                           (leg ->> 'amount') || ', then ' || (leg ->> 'balance'))
                from json_array_elements(
                    case json_typeof(o.data -> 'legs') when 'array' then o.data -> 'legs'
                         else '[]' end) as leg) as legs
        from socle_ledger.outbox as o where o.type = 'ledger.transaction.posted'
    ) as told on told.tenant_id = t.tenant_id and told.id = t.id
    where (told.transaction, told.kind, told.legs)
        is distinct from ('txn_' || replace(t.id::text, '-', ''), t.kind, line.legs)"
);
