//! Roll-ups that are not what their days brought.

use super::Damage;

pub(in crate::verify) const TO_ROLLUPS: &[Damage] = &[
    Damage {
        what: "a day's roll-up is another",
        sql: "update rollup set credit = credit + 1, debit = debit + 1
              where {tenant} and account_id = {customer} and day = '2030-01-01'",
        shows: &["rollup"],
    },
    Damage {
        what: "a day's roll-up is gone",
        sql: "delete from rollup where {tenant} and account_id = {issuance} and day < '2029-12-01'",
        shows: &["rollup"],
    },
    Damage {
        what: "a day without entries has a roll-up",
        sql: "insert into rollup
              select tenant_id, id, '2029-12-24', 0, 0, 0 from account
              where {tenant} and id = {closed}",
        shows: &["rollup"],
    },
];
