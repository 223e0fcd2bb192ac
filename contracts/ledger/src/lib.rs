#![doc = include_str!("../README.md")]

mod events;

pub use events::{
    ExpiryAnnounced, HoldExpired, HoldPlaced, HoldVoided, PostedLeg, TransactionPosted,
};

use socle_kernel::{Id, Named, Rule, Text};

/// The rules by which a merchant gives points.
pub enum Programme {}
/// The identifier of a [`Programme`].
pub type ProgrammeId = Id<Programme>;

/// Something a customer bought.
pub enum Purchase {}
/// The identifier of a [`Purchase`].
pub type PurchaseId = Id<Purchase>;

impl Named for Programme {
    const NAME: &str = "Programme";
    const PREFIX: &str = "prog";
}

impl Named for Purchase {
    const NAME: &str = "Purchase";
    const PREFIX: &str = "pur";
}

/// The rule of a customer's reference.
pub enum CustomerReference {}
/// What the merchant calls a customer: `00004`, `demo-alice`.
pub type Customer = Text<CustomerReference>;

impl Rule for CustomerReference {
    const NAME: &str = "Customer";
    /// With its prefix it fits into an account's owner.
    const CHARS_MAX: usize = 100;
}
