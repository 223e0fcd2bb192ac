//! What is not kept for ever.

use socle_db::Tx;
use socle_kernel::{Cx, Fault, Timestamp};

use super::Ledger;
use crate::{Error, store};

impl Ledger {
    /// Forgets the keys of requests that expired by a moment, of every tenant; returns how many.
    /// That of a purchase or a refund is never forgotten.
    pub async fn forget_keys(&self, by: Timestamp) -> Result<u64, Error> {
        Ok(socle_books::forget_keys(&self.db, by).await?)
    }

    /// Forgets the tenant's verifications, and of which expiries its customers were told, a quarter
    /// of a year later. Returns how much that was.
    pub async fn forget_reports(&self, cx: &Cx) -> Result<u64, Fault> {
        self.db
            .run(cx, async |tx: &mut Tx| {
                let verifications = store::forget_verifications(tx, cx.now).await?;
                Ok(verifications + store::forget_notices(tx, cx.now).await?)
            })
            .await
    }
}
