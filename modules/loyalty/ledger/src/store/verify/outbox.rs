//! What events tell of transactions.

use socle_books::differences;

/// The envelope names who did it, in which request and when; an event is called as its
/// transaction. One that is not there is told of by the books, which know what may be gone.
pub(super) const ENVELOPE: &str = differences!(
    "
    select t.tenant_id, t.id, null::int8,
           t.actortype || ' ' || t.actorid || ' in ' || t.correlation || ' at ' || t.recorded_at,
           case when o.id = t.id
                then o.actortype || ' ' || o.actorid || ' in ' || o.correlationid || ' at ' || o.time
                else 'no event of this name' end
    from (
        select it.tenant_id, it.id, it.actortype, it.actorid, it.correlation, it.recorded_at,
               'acc_' || replace(it.accounts[1]::text, '-', '') as partitionkey,
               it.seqs[1] as sequence
        from socle_ledger.transfer as it
    ) as t
    join (
        select it.tenant_id, it.partitionkey, it.sequence, it.id, it.actortype, it.actorid,
               it.correlationid, it.time
        from socle_ledger.outbox as it where it.type = 'ledger.transaction.posted'
    ) as o on o.tenant_id = t.tenant_id and o.partitionkey = t.partitionkey
        and o.sequence = t.sequence
    where (o.id, o.actortype, o.actorid, o.correlationid, o.time)
        is distinct from (t.id, t.actortype, t.actorid, t.correlation, t.recorded_at)"
);

/// An event tells its transaction's name, kind and times, what it undoes, its legs in their order,
/// and no more. Moments are compared as they are printed: what is none any more differs. Captures
/// of before events named their hold do not.
pub(super) const DATA: &str = differences!(
    "
    select line.tenant_id, line.id, null::int8, line.data, o.data
    from (
        select t.tenant_id, t.id,
               jsonb_strip_nulls(jsonb_build_object(
                   'transaction', 'txn_' || replace(t.id::text, '-', ''), 'kind', t.kind,
                   'recorded_at', rtrim(rtrim(to_char(t.recorded_at at time zone 'UTC',
                       'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '0'), '.') || 'Z',
                   'effective_at', rtrim(rtrim(to_char(t.effective_at at time zone 'UTC',
                       'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '0'), '.') || 'Z',
                   'legs', legs.legs,
                   'reverses', 'txn_' || replace(t.reverses::text, '-', ''),
                   'hold', 'hld_' || replace(t.hold_id::text, '-', ''))) as data
        from socle_ledger.transfer as t
        join (
            select leg.tenant_id, leg.id,
                   jsonb_agg(jsonb_build_object(
                       'account', 'acc_' || replace(leg.account_id::text, '-', ''),
                       'asset', a.asset, 'seq', leg.seq, 'amount', e.amount,
                       'balance', e.balance) order by leg.place) as legs
            from (
                select it.tenant_id, it.id, named.account_id, named.seq, named.place
                from socle_ledger.transfer as it
                cross join lateral unnest(it.accounts, it.seqs) with ordinality
                    as named (account_id, seq, place)
            ) as leg
            left join socle_ledger.entry as e on e.tenant_id = leg.tenant_id
                and e.account_id = leg.account_id and e.seq = leg.seq
            left join socle_ledger.account as a
                on a.tenant_id = leg.tenant_id and a.id = leg.account_id
            group by leg.tenant_id, leg.id
        ) as legs on legs.tenant_id = t.tenant_id and legs.id = t.id
    ) as line
    join (
        select it.tenant_id, it.id, it.data::jsonb as data
        from socle_ledger.outbox as it where it.type = 'ledger.transaction.posted'
    ) as o on o.tenant_id = line.tenant_id and o.id = line.id
    where o.data is distinct from line.data and o.data is distinct from line.data - 'hold'"
);
