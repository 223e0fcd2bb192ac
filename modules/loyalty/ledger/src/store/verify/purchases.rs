//! Purchases: what they earned, what refunds took back, and that none is lost.

use socle_books::differences;

/// Each earning has its purchase, of the same customer, points and moment, and the other way round.
pub(super) const EARNED: &str = differences!(
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

/// A purchase earned what its programme gives for its sum, and what was taken back is what the
/// rest of the sum would not have earned. Decimals are those of ISO 4217, where 2 is the rule.
pub(super) const POINTS: &str = differences!(
    "
    select tenant_id, id, null::int8,
           coalesce(earned || ' points for ' || amount || ', ' || greatest(points - kept, 0)
                        || ' of them taken back for ' || refunded, 'a programme'),
           points || ', ' || refunded_points || ' taken back'
    from (
        select by.tenant_id, by.id, by.amount, by.points, by.refunded, by.refunded_points,
               case when by.amount < by.minimum then 0
                    else div(2 * by.rate * by.amount + by.up, 2 * by.per) end as earned,
               case when by.amount - by.refunded < by.minimum then 0
                    else div(2 * by.rate * (by.amount - by.refunded) + by.up, 2 * by.per)
               end as kept
        from (
            select p.tenant_id, p.id, p.amount, p.points, p.refunded, p.refunded_points,
                   g.minimum, g.rate, g.per,
                   case g.rounding when 'down' then 0 when 'half-up' then g.per
                                   else 2 * g.per - 2 end as up
            from socle_ledger.purchase as p
            left join (
                select it.tenant_id, it.id, it.minimum, it.rounding, it.points::numeric as rate,
                       it.per_units::numeric * case
                           when it.currency in (
                               'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW',
                               'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XAG',
                               'XAU', 'XBA', 'XBB', 'XBC', 'XBD', 'XDR', 'XOF', 'XPD',
                               'XPF', 'XPT', 'XSU', 'XTS', 'XUA', 'XXX') then 1
                           when it.currency in (
                               'BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 1000
                           when it.currency in (
                               'CLF', 'UYW') then 10000
                           else 100 end as per
                from socle_ledger.programme as it
            ) as g on g.tenant_id = p.tenant_id and g.id = p.programme_id
        ) as by
    ) as line
    where (points, refunded_points) is distinct from (earned, greatest(points - kept, 0))"
);

/// What a purchase says was given back is what its refunds gave back; all of it once its earning
/// has been reversed.
pub(super) const REFUNDS: &str = differences!(
    "
    select tenant_id, id, null::int8,
           case when is_undone then whole else coalesce(given.amount, 0) end || ' given back, '
               || case when is_undone then all_points else coalesce(given.points, 0) end
               || ' points',
           coalesce(refunded || ', ' || refunded_points, 'no purchase')
    from (
        select p.tenant_id, p.id, p.amount as whole, p.points as all_points, p.refunded,
               p.refunded_points, t.id is not null as is_undone
        from socle_ledger.purchase as p
        left join socle_ledger.transfer as t
            on t.tenant_id = p.tenant_id and t.reverses = p.transaction_id
    ) as bought
    full join (
        select r.tenant_id, r.purchase_id as id, sum(r.amount) as amount, sum(r.points) as points
        from socle_ledger.refund as r group by r.tenant_id, r.purchase_id
    ) as given using (tenant_id, id)
    where (refunded, refunded_points) is distinct from (
        case when is_undone then whole else coalesce(given.amount, 0) end,
        case when is_undone then all_points else coalesce(given.points, 0) end)"
);

/// A refund took as many points as it says from the customer who had bought, and each transaction
/// that is one says which purchase it is of.
pub(super) const REFUND: &str = differences!(
    "
    select tenant_id, id, null::int8,
           coalesce(moved.points || ' points of ' || coalesce(moved.owner, 'nobody'), 'none'),
           coalesce(told.points || ' points of customer:' || told.customer, 'no refund')
    from (
        select r.tenant_id, r.id, r.points, p.customer
        from socle_ledger.refund as r
        left join socle_ledger.purchase as p
            on p.tenant_id = r.tenant_id and p.id = r.purchase_id
        where 0 < r.points
    ) as told
    full join (
        select t.tenant_id, t.id, -sum(e.amount) as points, min(a.owner) as owner
        from socle_ledger.transfer as t
        join socle_ledger.entry as e on e.tenant_id = t.tenant_id and e.transfer_id = t.id
        join socle_ledger.account as a on a.tenant_id = e.tenant_id and a.id = e.account_id
            and a.purpose in ('points', 'debt')
        where t.kind = 'refund' and t.flow = 1
        group by t.tenant_id, t.id
    ) as moved using (tenant_id, id)
    where (told.points, 'customer:' || told.customer)
        is distinct from (moved.points, moved.owner)"
);

/// Each purchase and each refund left a key that is never forgotten, those of no points too; and
/// what such a key was answered with is there. A key's identifier is made of words as
/// `Id::of_words` makes it: their lengths and themselves, hashed.
pub(super) const KEY: &str = differences!(
    "
    select tenant_id, key, null::int8,
           case when told.subject is null then 'a purchase or a refund'
                else 'the key of ' || told.subject end, 'none'
    from (
        select hashed.tenant_id, hashed.subject,
               encode(set_byte(set_byte(hashed.head, 6, get_byte(hashed.head, 6) & 15 | 128),
                               8, get_byte(hashed.head, 8) & 63 | 128), 'hex')::uuid as key
        from (
            select words.tenant_id, words.subject,
                   substring(sha256(
                       int8send(length(words.scope)) || words.scope::bytea
                       || int8send(length(words.subject)) || words.subject::bytea)
                       from 1 for 16) as head
            from (
                select p.tenant_id, 'pur_' || replace(p.id::text, '-', '') as subject,
                       'ten_' || replace(p.tenant_id::text, '-', '') || '/purchase' as scope
                from socle_ledger.purchase as p
                union all
                select r.tenant_id, 'txn_' || replace(r.id::text, '-', ''),
                       'ten_' || replace(r.tenant_id::text, '-', '') || '/refund'
                from socle_ledger.refund as r
            ) as words
        ) as hashed
    ) as told
    full join (
        select k.tenant_id, k.key, true as is_kept
        from socle_ledger.idempotency as k where k.expires_at is null and k.refusal is null
    ) as kept using (tenant_id, key)
    where told.subject is null or kept.is_kept is null"
);
