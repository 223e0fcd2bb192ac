//! Whose fault it is that a batch cannot be written: a unit's own, or nobody's.

use socle_db::refusal;
use socle_kernel::{Fault, TooLarge};

use crate::{Refusal, Unit};

/// What is wrong with the unit itself: a rule of its own rows, or a value that cannot be stored.
pub(crate) fn own_refusal(unit: &Unit, fault: &Fault) -> Option<Refusal> {
    if fault.cause::<TooLarge>().is_some() {
        return Some(Refusal::TooLarge);
    }
    let refused = refusal(fault)?;
    match (refused.code.as_str(), refused.constraint) {
        ("23505" | "23514" | "23503", Some(constraint))
            if is_of_the_unit(&constraint) || !unit.rows.is_empty() && is_own(&constraint) =>
        {
            Some(Refusal::Constraint { constraint })
        }
        ("22003", _) => Some(Refusal::TooLarge),
        // Data exceptions (a `\u0000`, a text too long), a missing value, a row too large.
        (code, _) if code.starts_with("22") || code == "23502" || code == "54000" => {
            Some(Refusal::Unstorable { why: refused.message })
        }
        _ => None,
    }
}

/// Two processes wrote the same identifier or the same account's next entry.
pub(crate) fn is_race(fault: &Fault) -> bool {
    refusal(fault).is_some_and(|it| it.code == "23505")
}

/// Rules of the books' tables that only the database sees broken: how long texts are, and that an
/// owner keeps one account a purpose and asset.
fn is_of_the_unit(constraint: &str) -> bool {
    constraint == "account_is_one" || constraint.contains("length")
}

fn is_own(constraint: &str) -> bool {
    // A partition's constraint is called after the partition: `outbox_p7_pkey`.
    let is_of_outbox = constraint.starts_with("outbox_p");
    !is_of_outbox && !OF_THE_BOOKS.split_whitespace().any(|it| it == constraint)
}

/// The constraints of the books' own tables.
const OF_THE_BOOKS: &str = "
    account_pkey account_is_one account_texts account_side account_pending account_floor
    account_ceiling account_closed_is_empty
    transfer_pkey transfer_number transfer_flow transfer_kind_length transfer_reason_length
    transfer_is_not_early transfer_reversed_once
    entry_pkey entry_amount rollup_pkey
    lot_pkey lot_remaining lot_life lot_move_pkey lot_move_amount
    hold_pkey hold_captured hold_state hold_kind_length hold_lot_pkey hold_lot_amount
    metadata_pkey metadata_lengths journal_pkey idempotency_pkey
    inspection_pkey inspection_finding_pkey
    outbox_pkey outbox_type_length outbox_partitionkey_length outbox_sequence_positive";
