//! How long points live.

use socle_books::differences;

/// Points that were earned or given live as long as their programme says: to the start of a day,
/// some months later. What is given by hand counts when it is recorded, which may be a moment
/// after its day was looked up.
pub(super) const EXPIRY: &str = differences!(
    "
    select tenant_id, account_id, seq,
           coalesce((expiries.day::timestamp at time zone 'UTC')::text, 'never'),
           coalesce(expires_at::text, 'never')
    from (
        select l.tenant_id, l.account_id, l.seq, l.expires_at,
               ((l.effective_at at time zone 'UTC')::date
                   + make_interval(months => g.life_months))::date as day,
               case t.kind when 'adjust'
                   then ((l.effective_at - interval '1 minute') at time zone 'UTC')::date
                   else (l.effective_at at time zone 'UTC')::date
               end + make_interval(months => g.life_months) as earlier
        from socle_ledger.lot as l
        join socle_ledger.transfer as t on t.tenant_id = l.tenant_id and t.id = l.transfer_id
            and t.kind in ('earn', 'adjust')
        join socle_ledger.account as a on a.tenant_id = l.tenant_id and a.id = l.account_id
        join socle_ledger.programme as g on g.tenant_id = a.tenant_id
            and a.asset = 'PTS.prog_' || replace(g.id::text, '-', '')
    ) as expiries
    where expires_at is distinct from expiries.day::timestamp at time zone 'UTC'
        and expires_at is distinct from expiries.earlier::date::timestamp at time zone 'UTC'"
);

/// Nobody spends a lot when its time is over, unless a hold had set it aside; and it does not
/// expire before. This holds for every lot, whatever brought it.
pub(super) const TIME: &str = differences!(
    "
    select m.tenant_id, m.account_id, m.lot_seq,
           case t.flow when 2 then 'expired by ' else 'alive after ' end || t.effective_at,
           coalesce(l.expires_at::text, 'never')
    from socle_ledger.lot_move as m
    join socle_ledger.entry as e
        on e.tenant_id = m.tenant_id and e.account_id = m.account_id and e.seq = m.entry_seq
    join socle_ledger.transfer as t on t.tenant_id = e.tenant_id and t.id = e.transfer_id
    join socle_ledger.lot as l
        on l.tenant_id = m.tenant_id and l.account_id = m.account_id and l.seq = m.lot_seq
    where m.amount < 0
        and case when t.flow = 2 then l.expires_at is null or t.effective_at < l.expires_at
                 else l.expires_at <= t.effective_at and t.hold_id is null end"
);
