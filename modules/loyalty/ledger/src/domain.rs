//! What a merchant's points are: programmes, accounts, purchases, and what becomes of them.
//!
//! Everything that moves is a [`Unit`](socle_books::Unit) built here and submitted by `app`.

mod accounts;
mod customer;
mod event;
mod expiry;
mod programme;
mod purchase;
mod transaction;
mod verification;

pub use accounts::{CustomerAccounts, Opening, ProgrammeAccounts};
pub use customer::{Adjustment, Spending};
pub use programme::{EarnRate, NewProgramme, Programme, ProgrammeName, Rounding};
pub use purchase::{NewPurchase, Purchase, Refund};
pub use transaction::NewTransaction;
pub use verification::{Finding, Findings, Verification, VerificationId, VerificationState};

pub(crate) use accounts::OWED;
pub(crate) use customer::closing;
pub(crate) use event::unit;
pub(crate) use expiry::{ExpiryAhead, horizon};
pub(crate) use transaction::{holding, reversing};

/// The kinds of transactions that the ledger makes itself.
pub mod kind {
    pub const EARN: &str = "earn";
    pub const BURN: &str = "burn";
    pub const ADJUST: &str = "adjust";
    pub const REFUND: &str = "refund";
    pub const REVERSE: &str = "reverse";
    pub const CLOSE: &str = "close";

    /// All of them, and what the books make: no caller's own transaction is called so.
    pub(crate) const OWN: [&str; 7] =
        [EARN, BURN, ADJUST, REFUND, REVERSE, CLOSE, socle_books::EXPIRE];
}
