//! What the clock has done to the books and nobody has written down yet.
//!
//! Writing it down changes no balance at any date: it is the same result however often it is done
//! and whenever. Each call does a part that commits by itself, so whoever is killed in between goes
//! on when it is called again.

use socle_db::Db;
use socle_kernel::{Cx, TenantId, Timestamp};

use crate::{Command, Error, Receipt, Sequencer, Unit, read, sql::work as sql};

/// How much is written down in one commit: those who wait for the same accounts wait for that.
const PART_MAX: i64 = 500;

/// Where the work is done.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'d> {
    pub db: &'d Db,
    pub books: &'d Sequencer,
}

impl Desk<'_> {
    /// Records what has expired in some accounts of the caller's tenant, each with a `unit`;
    /// returns how many transfers that took, or `None` when nothing is left to record.
    ///
    /// What cannot be recorded is left; it is the error when there is nothing else.
    pub async fn expire_some(&self, cx: &Cx, unit: &Unit) -> Result<Option<usize>, Error> {
        let due = read::due(self.db.read(cx), cx.now, PART_MAX).await?;
        let unit = Unit { now: cx.now, ..unit.clone() };
        let units = due.into_iter().map(|it| unit.clone().with(Command::Expire(it)));
        let recorded = self.record(units.collect()).await?;
        Ok(recorded.map(|it| it.iter().map(|it| it.posted.len()).sum()))
    }

    /// Records which of the holds of all tenants the clock had ended by a moment, some of them,
    /// each with the unit that `of` makes for its tenant; returns how many, or `None` when nothing
    /// is left to record.
    pub async fn release_some(
        &self,
        by: Timestamp,
        of: impl Fn(TenantId) -> Unit,
    ) -> Result<Option<usize>, Error> {
        let due = sql::holds_due(self.db, by, PART_MAX).await?;
        let unit = |tenant| Unit { now: by, ..of(tenant) };
        let units = due.into_iter().map(|(tenant, it)| unit(tenant).with(Command::Release(it)));
        Ok(self.record(units.collect()).await?.map(|it| it.len()))
    }

    async fn record(&self, units: Vec<Unit>) -> Result<Option<Vec<Receipt>>, Error> {
        let (mut receipts, mut failed) = (Vec::with_capacity(units.len()), None);
        for outcome in self.books.submit_all(units).await {
            match outcome {
                Ok(receipt) => receipts.push(receipt),
                Err(error) => failed = Some(error),
            }
        }
        match failed.filter(|_| receipts.is_empty()) {
            Some(error) => Err(error),
            None => Ok(Some(receipts).filter(|it| !it.is_empty())),
        }
    }
}
