//! Holds that do not follow from their captures.

use super::Damage;

pub(in crate::verify) const TO_HOLDS: &[Damage] = &[
    Damage {
        what: "more was captured than posted",
        sql: "update hold set captured = captured + 1 where {tenant} and id = {hold 1}",
        shows: &["account-pending", "hold-captured", "hold-lots"],
    },
    Damage {
        what: "a hold that was captured in full counts as voided",
        sql: "update hold set state = 'voided' where {tenant} and id = {hold 4}",
        shows: &["hold-state"],
    },
    Damage {
        what: "a hold that was voided counts as captured",
        sql: "update hold set state = 'captured' where {tenant} and id = {hold 3}",
        shows: &["hold-state"],
    },
    Damage {
        what: "a hold that the clock has ended is open again",
        sql: "update hold set state = 'open' where {tenant} and id = {hold 2}",
        shows: &["account-pending", "hold-lots"],
    },
    Damage {
        what: "an open hold has set more aside",
        sql: "update hold_lot set amount = amount + 1 where {tenant} and hold_id = {hold 1}",
        shows: &["hold-lots", "lot-reserved"],
    },
    Damage {
        what: "a voided hold still sets something aside",
        sql: "update hold_lot set amount = 1 where {tenant} and hold_id = {hold 3}",
        shows: &["hold-lots"],
    },
    Damage {
        what: "a hold is gone",
        sql: "delete from hold where {tenant} and id = {hold 1}",
        shows: &["account-pending", "hold-captured", "lot-reserved"],
    },
    Damage {
        what: "a capture has forgotten its hold",
        sql: "update transfer set hold_id = null where {tenant} and number = 12",
        shows: &["hold-captured"],
    },
];
