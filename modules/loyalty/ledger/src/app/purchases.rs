//! Purchases: points are given for them, and taken back.

use socle_books::Receipt;
use socle_db::Tx;
use socle_kernel::Cx;
use socle_ledger_contract::PurchaseId;

use super::Ledger;
use crate::{
    Error,
    domain::{NewPurchase, Programme, Purchase, Refund},
    store,
};

impl Ledger {
    /// Records a purchase and gives the points that it earns.
    pub async fn earn(
        &self,
        cx: &Cx,
        programme: &Programme,
        purchase: NewPurchase,
    ) -> Result<Receipt, Error> {
        let (purchase, unit) = purchase.unit(cx, programme)?;
        let unit = unit.with_row(store::purchase_row(cx.tenant, &purchase));
        self.submit(unit).await
    }

    /// Gives money back for a purchase, and takes back the points that the rest would not have
    /// earned; those that are spent already become a debt. The receipt is empty when no points
    /// move. The same refund, told again, changes nothing.
    pub async fn refund(&self, cx: &Cx, refund: Refund) -> Result<Receipt, Error> {
        let refund = &refund;
        self.db
            .run(cx, async |tx: &mut Tx| {
                let purchase = store::lock_purchase(tx, refund.purchase).await?;
                let programme = store::programme(tx, purchase.programme_id).await?;
                let decided = purchase.refund(cx, &programme, refund);
                // A repetition is told what the first was, whatever the purchase admits by now.
                let unit = decided.as_ref().map_or_else(|_| refund.claim(cx), |it| it.1.clone());
                let receipt = socle_books::post(tx, &self.keyed(unit)).await?;
                if !receipt.is_replay() {
                    let after = decided?.0;
                    store::insert_refund(tx, refund, &after).await?;
                    store::update_refunded(tx, &after).await?;
                }
                Ok(receipt)
            })
            .await
    }

    /// A purchase as it stands.
    pub async fn purchase(&self, cx: &Cx, id: PurchaseId) -> Result<Purchase, Error> {
        store::find_purchase(self.db.read(cx), id).await
    }
}
