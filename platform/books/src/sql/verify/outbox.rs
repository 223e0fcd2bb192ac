//! The outbox: each transfer has its event, keyed by its first leg's account and that entry's seq.
//!
//! Once the first partition of the outbox has been dropped, old events are gone: transfers are
//! looked at from an hour after the first event on, which is more than the clocks of two processes
//! differ by.

use super::{About, Check, differences};

pub(super) const CHECKS: &[Check] = &[
    Check { name: "outbox-missing", about: About::Transfer, sql: MISSING },
    Check { name: "outbox-orphan", about: About::Event, sql: ORPHAN },
    Check { name: "outbox-sequence", about: About::Event, sql: SEQUENCE },
];

const MISSING: &str = differences!(
    "
    select t.tenant_id, t.id, null::int8, 'event ' || t.sequence || ' of ' || t.partitionkey,
           'none'
    from (
        select it.tenant_id, it.id, it.seqs[1] as sequence,
               'acc_' || replace(it.accounts[1]::text, '-', '') as partitionkey
        from {schema}.transfer as it
        where to_regclass('{schema}.outbox_p0') is not null
            or (select first.time + interval '1 hour'
                from {schema}.outbox as first order by first.seq limit 1) < it.recorded_at
    ) as t
    where not exists (
        select from {schema}.outbox as o
        where o.tenant_id = t.tenant_id and o.partitionkey = t.partitionkey
            and o.sequence = t.sequence and o.type = $3::text)"
);

const ORPHAN: &str = differences!(
    "
    select o.tenant_id, o.id, null::int8,
           'a transaction for event ' || o.sequence || ' of ' || o.partitionkey, 'none'
    from {schema}.outbox as o
    where o.type = $3::text and not exists (
        select from (
            select it.tenant_id, it.seqs[1] as sequence,
                   'acc_' || replace(it.accounts[1]::text, '-', '') as partitionkey
            from {schema}.transfer as it
        ) as t
        where t.tenant_id = o.tenant_id and t.partitionkey = o.partitionkey
            and t.sequence = o.sequence)"
);

/// The events of an account were written in the order of its entries, each once.
const SEQUENCE: &str = differences!(
    "
    select tenant_id, id, null::int8, 'a sequence after ' || before, sequence
    from (
        select o.tenant_id, o.id, o.sequence,
               lag(o.sequence)
                   over (partition by o.tenant_id, o.partitionkey order by o.seq) as before
        from {schema}.outbox as o where o.type = $3::text
    ) as line
    where sequence <= before"
);
