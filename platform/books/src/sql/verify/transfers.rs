//! Transfers: their legs, their order in the journal, and what points to them.

use super::{About, Check, differences};

pub(super) const CHECKS: &[Check] = &[
    Check { name: "transfer-sum", about: About::Transfer, sql: SUM },
    Check { name: "transfer-legs", about: About::Transfer, sql: LEGS },
    Check { name: "transfer-time", about: About::Transfer, sql: TIME },
    Check { name: "journal-gap", about: About::Transfer, sql: JOURNAL_GAP },
    Check { name: "journal-head", about: About::Tenant, sql: JOURNAL_HEAD },
    Check { name: "reversal", about: About::Transfer, sql: REVERSAL },
    Check { name: "idempotency", about: About::Transfer, sql: IDEMPOTENCY },
];

const SUM: &str = differences!(
    "
    select e.tenant_id, e.transfer_id, null::int8, '0 of ' || coalesce(a.asset, 'no account'),
           sum(e.amount)
    from {schema}.entry as e
    left join {schema}.account as a on a.tenant_id = e.tenant_id and a.id = e.account_id
    group by e.tenant_id, e.transfer_id, a.asset having sum(e.amount) <> 0"
);

/// The legs that a transfer names are its entries, all of them, each once.
const LEGS: &str = differences!(
    "
    select tenant_id, transfer_id, null::int8,
           'leg and entry acc_' || coalesce(replace(account_id::text, '-', ''), 'none') || '/'
               || coalesce(seq::text, 'none'),
           case when leg.is_named then 'the leg alone' else 'the entry alone' end
    from (
        select t.tenant_id, t.id as transfer_id, named.account_id, named.seq, true as is_named
        from {schema}.transfer as t
        cross join lateral unnest(t.accounts, t.seqs) as named (account_id, seq)
    ) as leg
    full join (
        select e.tenant_id, e.transfer_id, e.account_id, e.seq, true as is_entered
        from {schema}.entry as e
    ) as entry using (tenant_id, transfer_id, account_id, seq)
    where leg.is_named is null or entry.is_entered is null
    union all
    select t.tenant_id, t.id, null::int8, 'two legs or more, each once',
           cardinality(t.accounts) || ' named'
    from {schema}.transfer as t
    where (select count(distinct (leg.account_id, leg.seq))
           from unnest(t.accounts, t.seqs) as leg (account_id, seq))
        < greatest(2, cardinality(t.accounts))"
);

const TIME: &str = differences!(
    "
    select t.tenant_id, t.id, null::int8, 'effective by ' || t.recorded_at, t.effective_at
    from {schema}.transfer as t where t.recorded_at < t.effective_at"
);

const JOURNAL_GAP: &str = differences!(
    "
    select tenant_id, id, null::int8, before + 1, number
    from (
        select t.tenant_id, t.id, t.number,
               lag(t.number, 1, 0::int8)
                   over (partition by t.tenant_id order by t.number) as before
        from {schema}.transfer as t
    ) as line
    where number <> before + 1"
);

const JOURNAL_HEAD: &str = differences!(
    "
    select tenant_id, tenant_id, null::int8, coalesce(line.number, 0),
           coalesce(head.number::text, 'none')
    from (
        select t.tenant_id, max(t.number) as number from {schema}.transfer as t
        group by t.tenant_id
    ) as line
    full join (
        select j.tenant_id, j.number from {schema}.journal as j
    ) as head using (tenant_id)
    where line.number is distinct from head.number"
);

/// A reversal and its original take from each account what the other brings.
const REVERSAL: &str = differences!(
    "
    select tenant_id, id, null::int8,
           sum(asked) || ' on acc_' || replace(account_id::text, '-', ''), sum(amount)
    from (
        select r.tenant_id, r.id, e.account_id, e.amount, 0 as asked
        from {schema}.transfer as r
        join {schema}.entry as e on e.tenant_id = r.tenant_id and e.transfer_id = r.id
        where r.reverses is not null
        union all
        select r.tenant_id, r.id, e.account_id, 0, -e.amount
        from {schema}.transfer as r
        join {schema}.entry as e on e.tenant_id = r.tenant_id and e.transfer_id = r.reverses
        where r.reverses is not null
    ) as part
    group by tenant_id, id, account_id having sum(asked) <> sum(amount)"
);

/// A key without a refusal was answered with transfers, so they must be there.
const IDEMPOTENCY: &str = differences!(
    "
    select k.tenant_id, named.id, null::int8,
           'as answered under key_' || replace(k.key::text, '-', ''), 'no transaction'
    from {schema}.idempotency as k
    cross join lateral unnest(k.transfers) as named (id)
    where k.refusal is null and not exists (
        select from {schema}.transfer as t where t.tenant_id = k.tenant_id and t.id = named.id)"
);
