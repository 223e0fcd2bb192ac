//! Entries that are not what was recorded.

use super::Damage;

pub(in crate::verify) const TO_ENTRIES: &[Damage] = &[
    Damage {
        what: "an amount is another",
        sql: "update entry set amount = amount - 1
              where {tenant} and account_id = {customer} and seq = 4",
        shows: &[
            "account-balance",
            "entry-balance",
            "lot-moves",
            "reversal",
            "rollup",
            "transfer-sum",
        ],
    },
    Damage {
        what: "a running balance is another",
        sql: "update entry set balance = balance + 1
              where {tenant} and account_id = {shop} and seq = 2",
        shows: &["entry-balance"],
    },
    Damage {
        what: "a running balance is as large as can be",
        sql: "update entry set balance = 9223372036854775807
              where {tenant} and account_id = {customer} and seq = 1",
        shows: &["entry-balance"],
    },
    Damage {
        what: "an entry is gone",
        sql: "delete from entry where {tenant} and account_id = {customer} and seq = 3",
        shows: &[
            "account-balance",
            "account-seq",
            "entry-balance",
            "entry-sequence",
            "lot-moves",
            "lot-origin",
            "rollup",
            "transfer-legs",
            "transfer-sum",
        ],
    },
    Damage {
        what: "an entry has another number, and its transfer follows",
        sql: "update entry set seq = 12 where {tenant} and account_id = {shop} and seq = 8;
              update transfer set seqs[array_position(accounts, {shop})] = 12
              where {tenant} and number = 14",
        shows: &["entry-sequence"],
    },
    Damage {
        what: "an entry counts at another time of its day",
        sql: "update entry set effective_at = effective_at + interval '1 hour'
              where {tenant} and account_id = {customer} and seq = 11",
        shows: &["effective-time"],
    },
    Damage {
        what: "an entry counts on another side of its day",
        sql: "update entry set flow = 2 - flow
              where {tenant} and account_id = {customer} and seq = 11",
        shows: &["entry-flow"],
    },
    Damage {
        what: "entries of one account change places",
        sql: "update transfer set recorded_at = recorded_at + interval '1 second'
              where {tenant} and number = 6",
        shows: &["recorded-order"],
    },
];
