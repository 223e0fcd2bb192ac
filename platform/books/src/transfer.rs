//! Transfers: legs that sum to zero per asset, recorded as entries.

use socle_kernel::{AccountId, Amount, Asset, HoldId, Timestamp, TransferId};
use uuid::Uuid;

/// The most legs of a transfer: a payroll is many transfers, a sale with taxes is one.
pub const LEGS_MAX: usize = 64;

/// The most pieces of metadata of a transfer.
pub const METADATA_MAX: usize = 32;

/// What kind of transfer expiry makes.
pub const EXPIRE: &str = "expire";

/// A movement to be recorded.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Transfer {
    /// The same identifier with the same content is the same transfer, however often it comes.
    pub id: TransferId,
    /// The module's word: `earn`, `burn`.
    pub kind: String,
    pub flow: Flow,
    /// When it counts; not after it is recorded. `None`: when it is recorded.
    pub effective_at: Option<Timestamp>,
    /// The first names the account whose transfer it is.
    pub legs: Vec<Leg>,
    pub memo: Memo,
}

/// On which side of a day's roll-up a transfer counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flow {
    /// Credit as credit, debit as debit.
    Plain,
    /// Takes back an earlier transfer, in whole or in part: credit lowers the sum of debits, debit
    /// that of credits.
    Correction,
    /// Value whose time is over.
    Expiry,
}

/// Why, and what else is to be found again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Memo {
    pub reason: Option<String>,
    /// Searched by key and value.
    pub metadata: Vec<(String, String)>,
}

/// One side of a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Leg {
    pub account: AccountId,
    /// Credit is positive, debit negative; never zero.
    pub amount: Amount,
    /// Takes what the account's bounds do not admit. Without it the transfer is refused.
    pub overflow: Option<AccountId>,
    /// Into an account of lots: when the parcel expires, if ever.
    pub expires_at: Option<Timestamp>,
    /// Out of an account of lots: the parcels that this transfer brought go first.
    pub prefers: Option<TransferId>,
}

/// A transfer to be undone: every leg mirrored, value back in the lots it came from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reversal {
    pub id: TransferId,
    pub of: TransferId,
    pub kind: String,
    pub memo: Memo,
}

/// A transfer as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    pub id: TransferId,
    /// The place in the tenant's journal.
    pub number: i64,
    pub kind: String,
    pub flow: Flow,
    pub recorded_at: Timestamp,
    pub effective_at: Timestamp,
    pub legs: Vec<PostedLeg>,
    pub reverses: Option<TransferId>,
    pub hold: Option<HoldId>,
    /// Who did it, as an envelope tells it: `person`, `per_…`.
    pub actor: (String, String),
    /// The request it belongs to.
    pub correlation: Uuid,
    pub reason: Option<String>,
    pub metadata: Vec<(String, String)>,
}

/// An entry, as its transfer names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedLeg {
    pub account: AccountId,
    pub asset: Asset,
    /// The account's own count of entries.
    pub seq: i64,
    pub amount: Amount,
    /// The account's balance after it.
    pub balance: Amount,
}

impl Flow {
    pub(crate) const fn code(self) -> i16 {
        match self {
            Self::Plain => 0,
            Self::Correction => 1,
            Self::Expiry => 2,
        }
    }

    /// How what undoes it counts: on the same side of the roll-up, the other way.
    pub(crate) const fn undone(self) -> Self {
        match self {
            Self::Plain => Self::Correction,
            Self::Correction => Self::Plain,
            Self::Expiry => Self::Expiry,
        }
    }

    pub(crate) const fn of(code: i16) -> Self {
        match code {
            0 => Self::Plain,
            1 => Self::Correction,
            _ => Self::Expiry,
        }
    }
}

impl Leg {
    /// Puts `amount` in.
    #[must_use]
    pub fn credit(account: AccountId, amount: Amount) -> Self {
        Self { account, amount, overflow: None, expires_at: None, prefers: None }
    }

    /// Takes `amount` out.
    #[must_use]
    pub fn debit(account: AccountId, amount: Amount) -> Self {
        Self::credit(account, -amount)
    }

    /// What the account's bounds do not admit goes to, or comes from, `account`.
    #[must_use]
    pub fn overflowing(self, account: AccountId) -> Self {
        Self { overflow: Some(account), ..self }
    }

    #[must_use]
    pub fn expiring(self, at: Option<Timestamp>) -> Self {
        Self { expires_at: at, ..self }
    }

    #[must_use]
    pub fn preferring(self, lots_of: TransferId) -> Self {
        Self { prefers: Some(lots_of), ..self }
    }
}
