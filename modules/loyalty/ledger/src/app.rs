//! Use cases.

mod accounts;
mod customers;
mod holds;
mod programmes;
mod purchases;
mod reports;
mod transactions;

use socle_books::Sequencer;
use socle_db::Db;

pub use customers::CustomerBalance;
pub use reports::LiabilityDay;
pub use transactions::BATCH_MAX;

/// The ledger's use cases.
#[derive(Debug, Clone)]
pub struct Ledger {
    db: Db,
    books: Sequencer,
}

impl Ledger {
    /// The ledger over its schema; starts the queue through which many callers post together.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { books: Sequencer::start(db.clone()), db }
    }
}
