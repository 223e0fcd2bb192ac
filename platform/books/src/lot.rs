//! Lots: parcels of value with an expiry, spent first-in-first-out.

use socle_kernel::{AccountId, Amount, Timestamp, TransferId};

/// A parcel of value in an account; named by the entry that brought it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    /// The `seq` of the entry that brought it.
    pub seq: i64,
    /// The transfer that brought it.
    pub transfer: TransferId,
    pub amount: Amount,
    pub remaining: Amount,
    /// The part of `remaining` that open holds have set aside.
    pub reserved: Amount,
    pub effective_at: Timestamp,
    /// The first moment at which it is worth nothing.
    pub expires_at: Option<Timestamp>,
}

/// What one entry took from a lot (negative) or gave back to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LotMove {
    pub entry_seq: i64,
    pub lot_seq: i64,
    pub amount: Amount,
}

/// What a unit took from a lot (negative) or gave back to it, and which lot that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotUse {
    pub account: AccountId,
    /// The `seq` of the entry that brought it.
    pub seq: i64,
    /// The transfer that brought it.
    pub transfer: TransferId,
    pub amount: Amount,
    /// The first moment at which what is left of it is worth nothing.
    pub expires_at: Option<Timestamp>,
}

impl Lot {
    /// What is neither spent nor set aside.
    ///
    /// # Panics
    ///
    /// Never: the table checks that no more is reserved than remains.
    #[must_use]
    pub fn free(&self) -> Amount {
        self.remaining.minus(self.reserved).expect("a part is no larger than its whole")
    }

    /// Whether it can be spent at a moment.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.effective_at <= at && !self.is_expired(at)
    }

    #[must_use]
    pub fn is_expired(&self, at: Timestamp) -> bool {
        self.expires_at.is_some_and(|it| it <= at)
    }
}
