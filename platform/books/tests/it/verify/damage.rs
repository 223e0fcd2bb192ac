//! Damage that somebody with all rights may do, and the checks that notice it: exactly those.

mod accounts;
mod entries;
mod holds;
mod lots;
mod outbox;
mod rollups;
mod transfers;

pub(super) use accounts::TO_ACCOUNTS;
pub(super) use entries::TO_ENTRIES;
pub(super) use holds::TO_HOLDS;
pub(super) use lots::TO_LOTS;
pub(super) use outbox::TO_OUTBOX;
pub(super) use rollups::TO_ROLLUPS;
pub(super) use transfers::TO_TRANSFERS;

/// One class of damage.
pub(super) struct Damage {
    pub(super) what: &'static str,
    /// `{tenant}` stands for the condition that holds it to one tenant.
    pub(super) sql: &'static str,
    /// In the order of the alphabet.
    pub(super) shows: &'static [&'static str],
}

/// Every class, by what it is done to.
pub(super) const ALL: [&[Damage]; 7] =
    [TO_ENTRIES, TO_ACCOUNTS, TO_ROLLUPS, TO_LOTS, TO_HOLDS, TO_TRANSFERS, TO_OUTBOX];
