//! Accounts that do not follow from their entries and holds.

use super::Damage;

pub(in crate::verify) const TO_ACCOUNTS: &[Damage] = &[
    Damage {
        what: "a balance is another",
        sql: "update account set balance = balance + 1 where {tenant} and id = {issuance}",
        shows: &["account-balance"],
    },
    Damage {
        what: "an account has lost count",
        sql: "update account set seq = seq + 1 where {tenant} and id = {customer}",
        shows: &["account-seq"],
    },
    Damage {
        what: "an account was last recorded at another time",
        sql: "update account set recorded_at = recorded_at - interval '1 day'
              where {tenant} and id = {shop}",
        shows: &["account-recorded"],
    },
    Damage {
        what: "a debit is pending that no hold asks for",
        sql: "update account set pending_debit = pending_debit + 1
              where {tenant} and id = {customer}",
        shows: &["account-pending"],
    },
    Damage {
        what: "a credit is pending no more",
        sql: "update account set pending_credit = 0 where {tenant} and id = {shop}",
        shows: &["account-pending"],
    },
    Damage {
        what: "a balance is below its floor",
        sql: "alter table account drop constraint account_floor;
              update account set floor = 1000 where {tenant} and id = {customer}",
        shows: &["account-bounds"],
    },
    Damage {
        what: "a balance is above its ceiling with what is pending",
        sql: "alter table account drop constraint account_ceiling;
              update account set ceiling = balance where {tenant} and id = {shop}",
        shows: &["account-bounds"],
    },
    Damage {
        what: "a closed account has value",
        sql: "alter table account drop constraint account_closed_is_empty;
              update account set is_closed = true where {tenant} and id = {shop}",
        shows: &["account-closed"],
    },
    Damage {
        what: "an account is gone",
        sql: "delete from account where {tenant} and id = {wallet}",
        shows: &["account-balance", "account-seq", "transfer-sum"],
    },
];
