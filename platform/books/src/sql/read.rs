//! Reading the books. Each is one statement; `$1` is the tenant.

use super::posted::posted;
pub(crate) use super::{
    load::{AccountRow, HoldRow},
    posted::PostedRow,
};

pub(crate) const ACCOUNT: &str = "
    select tenant_id, id, asset, owner, purpose, side, floor, ceiling, expires_to, is_closed,
           balance, pending_debit, pending_credit, seq, recorded_at
    from {schema}.account where tenant_id = $1 and id = $2";

/// `$2` is the last account that was seen; all zeros come before the first.
pub(crate) const ACCOUNTS: &str = "
    select tenant_id, id, asset, owner, purpose, side, floor, ceiling, expires_to, is_closed,
           balance, pending_debit, pending_credit, seq, recorded_at
    from {schema}.account where tenant_id = $1 and $2 < id
    order by id limit $3";

/// An owner has few accounts: they are found first, or a planner in want of statistics would walk
/// through all accounts in the order of their keys.
pub(crate) const ACCOUNTS_OF: &str = "
    with own as materialized (
        select tenant_id, id, asset, owner, purpose, side, floor, ceiling, expires_to, is_closed,
               balance, pending_debit, pending_credit, seq, recorded_at
        from {schema}.account where tenant_id = $1 and owner = $4
    )
    select * from own where $2 < id order by id limit $3";

/// What of a lot `l` is not set aside by a hold that outlives the moment. What the clock has ended
/// still lies in `reserved` until something records that.
macro_rules! free_of_lot {
    ($at:literal) => {
        concat!(
            "case l.reserved when 0 then l.remaining else l.remaining - (
                select coalesce(sum(p.amount), 0)::int8 from {schema}.hold as h
                join {schema}.hold_lot as p on p.tenant_id = h.tenant_id and p.hold_id = h.id
                where h.tenant_id = l.tenant_id and h.account_id = l.account_id
                    and h.state = 'open' and ",
            $at,
            " < h.expires_at and p.lot_seq = l.seq) end"
        )
    };
}

/// `$3` is the first day whose roll-up is not whole by then, `$4` its start, `$5` the moment, `$6`
/// now: a hold that has ended by now does not count at any moment.
pub(crate) const AS_OF: &str = concat!(
    "
    select coalesce(sum(flow.credit), 0)::int8 as credit,
           coalesce(sum(flow.debit), 0)::int8 as debit,
           (coalesce(sum(flow.expired), 0) + (
               select coalesce(sum(",
    free_of_lot!("greatest($5, $6)"),
    "), 0) from {schema}.lot as l
               where l.tenant_id = $1 and l.account_id = $2 and 0 < l.remaining
                   and l.expires_at <= $5
           ))::int8 as expired,
           (select coalesce(sum(h.amount - h.captured), 0) from {schema}.hold as h
            where h.tenant_id = $1 and h.account_id = $2 and h.state = 'open'
                and h.recorded_at <= $5 and greatest($5, $6) < h.expires_at)::int8 as held
    from (
        select d.credit, d.debit, d.expired from {schema}.rollup as d
        where d.tenant_id = $1 and d.account_id = $2 and d.day < $3
        union all
        select case when (e.flow = 0) = (0 < e.amount) and e.flow < 2 then e.amount else 0 end,
               case when (e.flow = 0) = (e.amount < 0) and e.flow < 2 then -e.amount else 0 end,
               case when e.flow = 2 then -e.amount else 0 end
        from {schema}.entry as e
        where e.tenant_id = $1 and e.account_id = $2 and $4 <= e.effective_at
            and e.effective_at <= $5
    ) as flow"
);

pub(crate) const ENTRIES: &str = "
    select e.seq, e.transfer_id, e.amount, e.balance, e.effective_at, t.recorded_at, t.kind,
           t.reason
    from {schema}.entry as e
    join {schema}.transfer as t on t.tenant_id = e.tenant_id and t.id = e.transfer_id
    where e.tenant_id = $1 and e.account_id = $2 and $3 < e.seq
    order by e.seq limit $4";

pub(crate) const STATEMENT: &str = "
    select e.seq, e.transfer_id, e.amount, e.balance, e.effective_at, t.recorded_at, t.kind,
           t.reason
    from (
        select * from {schema}.entry as e
        where e.tenant_id = $1 and e.account_id = $2 and $3 <= e.effective_at
            and ($3 < e.effective_at or $4 < e.seq) and e.effective_at <= $5
        order by e.tenant_id, e.account_id, e.effective_at, e.seq limit $6
    ) as e
    join {schema}.transfer as t on t.tenant_id = e.tenant_id and t.id = e.transfer_id
    order by e.effective_at, e.seq";

/// `$4` is now.
pub(crate) const OPEN_LOTS: &str = concat!(
    "
    select * from (
        select l.seq, l.transfer_id, ",
    free_of_lot!("greatest($3, $4)"),
    " as free, l.effective_at, l.expires_at
        from {schema}.lot as l
        where l.tenant_id = $1 and l.account_id = $2 and 0 < l.remaining
            and l.effective_at <= $3 and (l.expires_at is null or $3 < l.expires_at)
    ) as l
    where 0 < free order by effective_at, seq limit $5"
);

pub(crate) const EXPIRING: &str = concat!(
    "
    select day, count(distinct account_id) as accounts, sum(free)::int8 as amount
    from (
        select (l.expires_at at time zone 'UTC')::date as day, l.account_id, ",
    free_of_lot!("$3"),
    " as free
        from {schema}.lot as l
        join {schema}.account as a on a.tenant_id = l.tenant_id and a.id = l.account_id
        where l.tenant_id = $1 and a.asset = $2 and $3 < l.expires_at and l.expires_at <= $4
            and 0 < l.remaining
    ) as l
    where 0 < free group by day order by day"
);

pub(crate) const DUE: &str = concat!(
    "
    select distinct due.account_id from (
        select l.account_id from {schema}.lot as l
        where l.tenant_id = $1 and l.expires_at <= $2 and 0 < l.remaining and 0 < ",
    free_of_lot!("$2"),
    "
        order by l.expires_at limit $3
    ) as due"
);

/// What has expired and is not recorded is taken from its account and given to where it goes. `$3`
/// is the end of the day `$2`, `$4` now.
pub(crate) const TOTALS: &str = concat!(
    "
    with flow as (
        select d.account_id, sum(d.credit - d.debit - d.expired) as amount
        from {schema}.rollup as d where d.tenant_id = $1 and d.day <= $2
        group by d.account_id
        union all
        select moved.account_id, sum(moved.amount)
        from (
            select l.tenant_id, l.account_id, ",
    free_of_lot!("greatest($3, $4)"),
    " as free
            from {schema}.lot as l
            where l.tenant_id = $1 and l.expires_at <= $3 and 0 < l.remaining
        ) as l
        join {schema}.account as a on a.tenant_id = l.tenant_id and a.id = l.account_id
        cross join lateral (values (l.account_id, -l.free), (a.expires_to, l.free))
            as moved (account_id, amount)
        group by moved.account_id
    )
    select a.asset, a.purpose, a.side, count(distinct a.id) as accounts,
           coalesce(sum(flow.amount), 0)::int8 as balance
    from {schema}.account as a left join flow on flow.account_id = a.id
    where a.tenant_id = $1
    group by a.asset, a.purpose, a.side order by a.asset, a.side desc, a.purpose"
);

/// `$2` is the asset, `$3` the purposes, `$4` to `$5` the days, `$6` the end of the last, `$7` now.
pub(crate) const DAYS: &str = concat!(
    "
    with flow as (
        select d.day, d.credit, d.debit, d.expired
        from {schema}.account as a
        join {schema}.rollup as d on d.tenant_id = a.tenant_id and d.account_id = a.id
        where a.tenant_id = $1 and a.asset = $2 and a.purpose = any($3) and d.day <= $5
        union all
        select (l.expires_at at time zone 'UTC')::date, 0, 0, ",
    free_of_lot!("greatest($6, $7)"),
    "
        from {schema}.account as a
        join {schema}.lot as l on l.tenant_id = a.tenant_id and l.account_id = a.id
        where a.tenant_id = $1 and a.asset = $2 and a.purpose = any($3) and 0 < l.remaining
            and l.expires_at <= $6
    ), by_day as (
        select greatest(day, $4 - 1) as day, sum(credit) as credit, sum(debit) as debit,
               sum(expired) as expired
        from flow group by 1
    ), every_day as (
        select ($4 - 1) + place as day from generate_series(0, $5 - $4 + 1) as place
    ), running as (
        select e.day, coalesce(b.credit, 0) as credit, coalesce(b.debit, 0) as debit,
               coalesce(b.expired, 0) as expired,
               sum(coalesce(b.credit - b.debit - b.expired, 0)) over (order by e.day) as balance
        from every_day as e left join by_day as b using (day)
    )
    select day, credit::int8 as credit, debit::int8 as debit, expired::int8 as expired,
           balance::int8 as balance
    from running where $4 <= day order by day"
);

pub(crate) const TRANSFER: &str =
    posted!("(select * from {schema}.transfer where tenant_id = $1 and id = $2) as t");

pub(crate) const JOURNAL: &str = posted!(
    "(select * from {schema}.transfer where tenant_id = $1 and $2 < number
      order by tenant_id, number limit $3) as t"
);

pub(crate) const SEARCH: &str = posted!(
    "(select t.* from {schema}.metadata as m
      join {schema}.transfer as t on t.tenant_id = m.tenant_id and t.id = m.transfer_id
      where m.tenant_id = $1 and m.key = $2 and m.value = $3
          and $4 < m.number
      order by m.number limit $5) as t"
);

pub(crate) const HOLD: &str = "
    select h.tenant_id, h.id, h.account_id, h.counter_id, h.amount, h.captured, h.state, h.kind,
           h.recorded_at, h.expires_at, h.fingerprint, '{}'::int8[] as seqs, '{}'::int8[] as amounts
    from {schema}.hold as h where h.tenant_id = $1 and h.id = $2";
