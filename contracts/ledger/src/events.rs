//! Facts the ledger publishes.

mod expiries;
mod holds;
mod transactions;

pub use expiries::ExpiryAnnounced;
pub use holds::{HoldExpired, HoldPlaced, HoldVoided};
pub use transactions::{PostedLeg, TransactionPosted};
