//! What events tell of transactions.

use socle_books::differences;

/// The envelope names who did it, in which request and when; an event is called as its
/// transaction.
pub(super) const ENVELOPE: &str = differences!(
    "
    select t.tenant_id, t.id, null::int8,
           t.actortype || ' ' || t.actorid || ' in ' || t.correlation || ' at ' || t.recorded_at,
           coalesce(o.actortype || ' ' || o.actorid || ' in ' || o.correlationid || ' at ' || o.time,
                    'no event of this name')
    from socle_ledger.transfer as t
    left join (
        select it.tenant_id, it.id, it.actortype, it.actorid, it.correlationid, it.time
        from socle_ledger.outbox as it where it.type = 'ledger.transaction.posted'
    ) as o on o.tenant_id = t.tenant_id and o.id = t.id
    where (o.actortype, o.actorid, o.correlationid, o.time)
        is distinct from (t.actortype, t.actorid, t.correlation, t.recorded_at)"
);

/// An event tells its transaction's name, kind, times and legs, and what it undoes. Moments are
/// compared as they are printed: what is no moment any more differs, and ends nothing.
pub(super) const DATA: &str = differences!(
    "
    select line.tenant_id, line.id, null::int8, line.head || ' ' || line.legs,
           coalesce(told.head, 'no kind or times') || ' ' || coalesce(told.legs::text, 'no legs')
    from (
        select t.tenant_id, t.id, legs.legs,
               'txn_' || replace(t.id::text, '-', '') || ' ' || t.kind || ' at '
                   || rtrim(rtrim(to_char(t.effective_at at time zone 'UTC',
                                          'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '0'), '.')
                   || 'Z, recorded '
                   || rtrim(rtrim(to_char(t.recorded_at at time zone 'UTC',
                                          'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '0'), '.')
                   || 'Z, undoes '
                   || coalesce('txn_' || replace(t.reverses::text, '-', ''), 'nothing') as head
        from socle_ledger.transfer as t
        join (
            select e.tenant_id, e.transfer_id,
                   jsonb_object_agg('acc_' || replace(e.account_id::text, '-', '') || '/' || e.seq,
                                    e.amount || ' ' || a.asset || ', then ' || e.balance) as legs
            from socle_ledger.entry as e
            join socle_ledger.account as a on a.tenant_id = e.tenant_id and a.id = e.account_id
            group by e.tenant_id, e.transfer_id
        ) as legs on legs.tenant_id = t.tenant_id and legs.transfer_id = t.id
    ) as line
    join (
        select o.tenant_id, o.id,
               (o.data ->> 'transaction') || ' ' || (o.data ->> 'kind') || ' at '
                   || (o.data ->> 'effective_at') || ', recorded ' || (o.data ->> 'recorded_at')
                   || ', undoes ' || coalesce(o.data ->> 'reverses', 'nothing') as head,
               (select jsonb_object_agg(
                           coalesce(leg ->> 'account', '') || '/' || coalesce(leg ->> 'seq', ''),
                           (leg ->> 'amount') || ' ' || (leg ->> 'asset') || ', then '
                               || (leg ->> 'balance'))
                from json_array_elements(
                    case json_typeof(o.data -> 'legs') when 'array' then o.data -> 'legs'
                         else '[]' end) as leg) as legs
        from socle_ledger.outbox as o where o.type = 'ledger.transaction.posted'
    ) as told on told.tenant_id = line.tenant_id and told.id = line.id
    where (told.head, told.legs) is distinct from (line.head, line.legs)"
);
