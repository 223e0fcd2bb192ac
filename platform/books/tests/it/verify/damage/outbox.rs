//! Events that do not tell what happened.

use super::Damage;

pub(in crate::verify) const TO_OUTBOX: &[Damage] = &[
    Damage {
        what: "an event is gone",
        sql: "delete from outbox where {tenant} and sequence = 2",
        shows: &["outbox-missing"],
    },
    Damage {
        what: "an event is of something else",
        sql: "update outbox set type = 'shop.transfer.dreamt' where {tenant} and sequence = 2",
        shows: &["outbox-missing"],
    },
    Damage {
        what: "an event tells of no transfer",
        sql: "insert into outbox (tenant_id, id, type, dataversion, partitionkey, sequence, time,
                                  actortype, actorid, correlationid, data)
              select tenant_id, gen_random_uuid(), type, dataversion, partitionkey, 999, time,
                     actortype, actorid, correlationid, data
              from outbox where {tenant} and sequence = 11",
        shows: &["outbox-orphan"],
    },
    Damage {
        what: "an event is told twice",
        sql: "insert into outbox (tenant_id, id, type, dataversion, partitionkey, sequence, time,
                                  actortype, actorid, correlationid, data)
              select tenant_id, gen_random_uuid(), type, dataversion, partitionkey, sequence, time,
                     actortype, actorid, correlationid, data
              from outbox where {tenant} and sequence = 11",
        shows: &["outbox-sequence"],
    },
    Damage {
        what: "an event is told after its successor",
        sql: "with early as (delete from outbox where {tenant} and sequence = 10 returning *)
              insert into outbox (tenant_id, id, type, dataversion, partitionkey, sequence, time,
                                  actortype, actorid, correlationid, data)
              select tenant_id, id, type, dataversion, partitionkey, sequence, time,
                     actortype, actorid, correlationid, data from early",
        shows: &["outbox-sequence"],
    },
];
