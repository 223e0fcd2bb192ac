//! Lots: each came with an entry, and moves, holds and what remains agree.

use super::{About, Check, differences};

pub(super) const CHECKS: &[Check] = &[
    Check { name: "lot-origin", about: About::Entry, sql: ORIGIN },
    Check { name: "lot-moves", about: About::Entry, sql: MOVES },
    Check { name: "lot-remaining", about: About::Entry, sql: REMAINING },
    Check { name: "lot-sum", about: About::Account, sql: SUM },
    Check { name: "lot-reserved", about: About::Entry, sql: RESERVED },
];

const ORIGIN: &str = differences!(
    "
    select l.tenant_id, l.account_id, l.seq,
           coalesce(e.amount || ' of txn_' || replace(e.transfer_id::text, '-', '')
                    || ' from ' || e.effective_at || ' on', 'no lot, there being no entry'),
           l.amount || ' of txn_' || replace(l.transfer_id::text, '-', '')
           || ' from ' || l.effective_at || ' on'
    from {schema}.lot as l
    left join {schema}.entry as e
        on e.tenant_id = l.tenant_id and e.account_id = l.account_id and e.seq = l.seq
    where (l.amount, l.transfer_id, l.effective_at)
        is distinct from (e.amount, e.transfer_id, e.effective_at)"
);

/// In an account of lots, all of an entry is a lot that it brought or moves of lots.
const MOVES: &str = differences!(
    "
    select tenant_id, account_id, seq, coalesce(entry.amount, 0), coalesce(parts.amount, 0)
    from (
        select e.tenant_id, e.account_id, e.seq, e.amount
        from {schema}.entry as e
        join {schema}.account as a on a.tenant_id = e.tenant_id and a.id = e.account_id
        where a.expires_to is not null
    ) as entry
    full join (
        select tenant_id, account_id, seq, sum(amount) as amount
        from (
            select m.tenant_id, m.account_id, m.entry_seq as seq, m.amount
            from {schema}.lot_move as m
            union all
            select l.tenant_id, l.account_id, l.seq, l.amount from {schema}.lot as l
        ) as part
        group by tenant_id, account_id, seq
    ) as parts using (tenant_id, account_id, seq)
    where entry.amount is distinct from parts.amount"
);

const REMAINING: &str = differences!(
    "
    select tenant_id, account_id, seq, coalesce(lot.amount, 0) + coalesce(moved.amount, 0),
           coalesce(lot.remaining::text, 'no lot')
    from (
        select m.tenant_id, m.account_id, m.lot_seq as seq, sum(m.amount) as amount
        from {schema}.lot_move as m group by m.tenant_id, m.account_id, m.lot_seq
    ) as moved
    full join (
        select l.tenant_id, l.account_id, l.seq, l.amount, l.remaining from {schema}.lot as l
    ) as lot using (tenant_id, account_id, seq)
    where lot.remaining is null or lot.remaining <> lot.amount + coalesce(moved.amount, 0)"
);

/// All of the balance of an account of lots lies in its lots; other accounts have none.
const SUM: &str = differences!(
    "
    select tenant_id, account_id, null::int8, coalesce(a.balance, 0) || ' in lots',
           coalesce(lots.remaining, 0)
    from (
        select l.tenant_id, l.account_id, sum(l.remaining) as remaining
        from {schema}.lot as l group by l.tenant_id, l.account_id
    ) as lots
    full join (
        select it.tenant_id, it.id as account_id, it.balance
        from {schema}.account as it where it.expires_to is not null
    ) as a using (tenant_id, account_id)
    where coalesce(lots.remaining, 0) <> coalesce(a.balance, 0)"
);

const RESERVED: &str = differences!(
    "
    select tenant_id, account_id, seq, coalesce(held.amount, 0) || ' set aside',
           coalesce(lot.reserved::text, 'no lot')
    from (
        select p.tenant_id, p.account_id, p.lot_seq as seq, sum(p.amount) as amount
        from {schema}.hold_lot as p
        join {schema}.hold as h on h.tenant_id = p.tenant_id and h.id = p.hold_id
        where h.state = 'open'
        group by p.tenant_id, p.account_id, p.lot_seq
    ) as held
    full join (
        select l.tenant_id, l.account_id, l.seq, l.reserved from {schema}.lot as l
    ) as lot using (tenant_id, account_id, seq)
    where coalesce(held.amount, 0) is distinct from lot.reserved"
);
