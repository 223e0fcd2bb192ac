//! Expiry: recorded when it has come, told of while it lies ahead.

use socle_books::work::Desk;
use socle_db::Tx;
use socle_kernel::{Cx, Fault};

use super::Ledger;
use crate::{
    Error,
    domain::{ExpiryAhead, horizon, unit},
    store,
};

/// How many expiries are told of in one commit.
const TOLD_MAX: i64 = 2_000;

impl Ledger {
    /// Records what has expired, for all accounts of the tenant; the same result however often it
    /// runs and whenever. Returns how many transactions that took.
    pub async fn expire_due(&self, cx: &Cx) -> Result<usize, Error> {
        let mut posted = 0;
        while let Some(more) = self.expire_some(cx).await? {
            posted += more;
        }
        Ok(posted)
    }

    /// Does a part of [`expire_due`](Self::expire_due), which commits by itself; `None` when
    /// nothing is left to do.
    pub(crate) async fn expire_some(&self, cx: &Cx) -> Result<Option<usize>, Error> {
        Ok(self.desk().expire_some(cx, &unit(cx)).await?)
    }

    /// Records some of the holds, of all tenants, that the clock has ended; `None` when nothing is
    /// left to do.
    pub(crate) async fn release_some(&self, cx: &Cx) -> Result<Option<usize>, Error> {
        let of = |tenant| unit(&cx.in_tenant(tenant));
        Ok(self.desk().release_some(cx.now, of).await?)
    }

    /// Tells of some of the points that expire in the next days, each customer once of each day.
    /// Returns how much was told of; the last part has nothing.
    pub(crate) async fn announce_some(&self, cx: &Cx) -> Result<usize, Fault> {
        let ahead = (cx.now, horizon(cx));
        self.db
            .run(cx, async |tx: &mut Tx| {
                let noted = store::announce_expiries(tx, ahead, TOLD_MAX).await?;
                let count = noted.len();
                let told: Vec<_> = noted.into_iter().filter_map(ExpiryAhead::announced).collect();
                socle_events::publish_all(cx, tx, &told).await?;
                Ok(count)
            })
            .await
    }

    fn desk(&self) -> Desk<'_> {
        Desk { db: &self.db, books: &self.books }
    }
}
