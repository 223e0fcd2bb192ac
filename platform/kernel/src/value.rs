//! Names of what books keep: said here, because contracts speak of them too.

use crate::{Id, Named};

/// A place where one asset is kept for one owner.
pub enum Account {}
/// The identifier of an [`Account`].
pub type AccountId = Id<Account>;

/// A movement between accounts; a ledger calls it a transaction.
pub enum Transfer {}
/// The identifier of a [`Transfer`].
pub type TransferId = Id<Transfer>;

/// An amount set aside for a transfer that may follow.
pub enum Hold {}
/// The identifier of a [`Hold`].
pub type HoldId = Id<Hold>;

impl Named for Account {
    const NAME: &str = "Account";
    const PREFIX: &str = "acc";
}

impl Named for Transfer {
    const NAME: &str = "Transaction";
    const PREFIX: &str = "txn";
}

impl Named for Hold {
    const NAME: &str = "Hold";
    const PREFIX: &str = "hld";
}
