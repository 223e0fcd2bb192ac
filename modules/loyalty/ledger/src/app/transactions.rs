//! Transactions of any shape: posted alone or many at once, undone, found.

use socle_books::{Memo, Posted, Receipt, Unit, read};
use socle_db::Tx;
use socle_kernel::{Common, Cx, TransferId};

use super::Ledger;
use crate::{
    Error,
    domain::{NewTransaction, reversing, unit},
    store,
};

/// The most transactions of a batch.
pub const BATCH_MAX: usize = 8_000;

impl Ledger {
    /// Posts a transaction.
    pub async fn post(&self, cx: &Cx, new: NewTransaction) -> Result<Receipt, Error> {
        self.submit(new.unit(cx)?).await
    }

    /// Posts many transactions, each with its own outcome, and its own part of the request's key.
    ///
    /// # Panics
    ///
    /// Never: the books answer each unit.
    pub async fn post_all(
        &self,
        cx: &Cx,
        all: Vec<NewTransaction>,
    ) -> Result<Vec<Result<Receipt, Error>>, Error> {
        if BATCH_MAX < all.len() {
            return Err(Error::BatchTooLarge { max: BATCH_MAX });
        }
        if let Some(key) = self.key {
            // Another batch under the same key takes no effect at any place, also beyond the first.
            self.books.submit(unit(cx).keyed(key)).await?;
        }
        let part = |place| self.key.map(|it| it.part(place));
        let decided = all.into_iter().enumerate().map(|(place, it)| {
            let unit = it.unit(cx)?;
            Ok(part(place).into_iter().fold(unit, Unit::keyed))
        });
        let decided: Vec<Result<Unit, Error>> = decided.collect();
        let units = decided.iter().flatten().cloned().collect();
        let mut outcomes = self.books.submit_all(units).await.into_iter();
        let each = decided
            .into_iter()
            .map(|it| it.and_then(|_| Ok(outcomes.next().expect("each unit has its outcome")?)));
        Ok(each.collect())
    }

    /// Undoes a transaction, once. Points go back to the lots they came from; a purchase whose
    /// points are taken back counts as refunded; a refund itself stands.
    pub async fn reverse(&self, cx: &Cx, of: TransferId, memo: Memo) -> Result<Receipt, Error> {
        let original = read::transfer(self.db.read(cx), of).await?;
        let unit = &self.keyed(reversing(cx, (of, original.as_ref()), memo)?);
        self.db
            .run(cx, async |tx: &mut Tx| {
                let purchase = store::purchase_of(tx, of).await?;
                let receipt = socle_books::post(tx, unit).await?;
                if let Some(it) = purchase.filter(|_| !receipt.is_replay()) {
                    store::update_refunded(tx, &it.taken_back()?).await?;
                }
                Ok(receipt)
            })
            .await
    }

    /// A transaction as recorded.
    pub async fn transaction(&self, cx: &Cx, id: TransferId) -> Result<Posted, Error> {
        let found = read::transfer(self.db.read(cx), id).await?;
        found.ok_or_else(|| Common::NotFound(id.to_string()).into())
    }

    /// The journal after a number: 1, 2, 3 … without a gap.
    pub async fn journal(&self, cx: &Cx, after: i64, limit: i64) -> Result<Vec<Posted>, Error> {
        Ok(read::journal(self.db.read(cx), after, limit).await?)
    }

    /// The transactions that carry this metadata, after a number of the journal.
    pub async fn search(
        &self,
        cx: &Cx,
        metadata: (&str, &str),
        after: i64,
        limit: i64,
    ) -> Result<Vec<Posted>, Error> {
        Ok(read::search(self.db.read(cx), metadata, after, limit).await?)
    }
}
