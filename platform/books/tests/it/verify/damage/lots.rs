//! Lots that do not follow from entries and moves.

use super::Damage;

pub(in crate::verify) const TO_LOTS: &[Damage] = &[
    Damage {
        what: "a lot is worth less",
        sql: "update lot set remaining = remaining - 1
              where {tenant} and account_id = {customer} and seq = 3",
        shows: &["lot-remaining", "lot-sum"],
    },
    Damage {
        what: "value has gone from one lot to another",
        sql: "update lot set remaining = remaining + 2 - seq
              where {tenant} and account_id = {customer} and seq in (1, 3)",
        shows: &["lot-remaining"],
    },
    Damage {
        what: "a lot is gone",
        sql: "delete from lot where {tenant} and account_id = {customer} and seq = 3",
        shows: &["lot-moves", "lot-sum"],
    },
    Damage {
        what: "a lot that was spent and set aside in part is gone",
        sql: "delete from lot where {tenant} and account_id = {customer} and seq = 2",
        shows: &["lot-moves", "lot-remaining", "lot-reserved", "lot-sum"],
    },
    Damage {
        what: "a lot lies in an account without lots",
        sql: "insert into lot
              select tenant_id, account_id, seq, transfer_id, amount, amount, 0, effective_at, null
              from entry where {tenant} and account_id = {wallet} and seq = 1",
        shows: &["lot-moves", "lot-sum"],
    },
    Damage {
        what: "a lot began at another time",
        sql: "update lot set effective_at = effective_at - interval '1 hour'
              where {tenant} and account_id = {customer} and seq = 2",
        shows: &["lot-origin"],
    },
    Damage {
        what: "a lot came with another transfer",
        sql: "update lot set transfer_id = gen_random_uuid()
              where {tenant} and account_id = {customer} and seq = 2",
        shows: &["lot-origin"],
    },
    Damage {
        what: "an entry took less from its lot",
        sql: "update lot_move set amount = amount + 1
              where {tenant} and account_id = {customer} and entry_seq = 11",
        shows: &["lot-moves", "lot-remaining"],
    },
    Damage {
        what: "another entry took it from the lot",
        sql: "update lot_move set entry_seq = 4
              where {tenant} and account_id = {customer} and entry_seq = 11",
        shows: &["lot-moves"],
    },
    Damage {
        what: "less of a lot is set aside",
        sql: "update lot set reserved = reserved - 1
              where {tenant} and account_id = {customer} and seq = 2",
        shows: &["lot-reserved"],
    },
];
