//! Use cases.

mod accounts;
mod customers;
mod expiries;
mod forgetting;
mod holds;
mod known;
mod programmes;
mod purchases;
mod reports;
mod transactions;
mod verifications;

use socle_books::{Key, Receipt, Sequencer, Unit};
use socle_db::Db;
use socle_telemetry::Metrics;

use crate::Error;
use known::Known;

pub use customers::CustomerBalance;
pub use reports::LiabilityDay;
pub use transactions::BATCH_MAX;
pub use verifications::VERIFICATIONS_MAX;
pub(crate) use verifications::VerifyTenant;

/// The ledger's use cases.
#[derive(Debug, Clone)]
pub struct Ledger {
    db: Db,
    books: Sequencer,
    /// Of the request that is being answered.
    key: Option<Key>,
    known: Known,
}

impl Ledger {
    /// The ledger over its schema; starts the queue through which many callers post together.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self::over(Sequencer::start(db.clone()), db)
    }

    /// The same, and tells `metrics` of what is posted.
    #[must_use]
    pub fn measured(db: Db, metrics: &Metrics) -> Self {
        Self::over(Sequencer::measured(db.clone(), metrics, "ledger"), db)
    }

    fn over(books: Sequencer, db: Db) -> Self {
        Self { books, db, key: None, known: Known::default() }
    }

    /// The ledger for one request with an idempotency key: what it is asked takes effect once
    /// under that key, and is answered alike ever after. Each answer is made of what never
    /// changes, so that a repetition gets the same to the letter.
    #[must_use]
    pub fn under(&self, key: Key) -> Self {
        Self { key: Some(key), ..self.clone() }
    }

    /// The unit under the request's key, if it has one.
    fn keyed(&self, unit: Unit) -> Unit {
        self.key.into_iter().fold(unit, Unit::keyed)
    }

    async fn submit(&self, unit: Unit) -> Result<Receipt, Error> {
        Ok(self.books.submit(self.keyed(unit)).await?)
    }
}
