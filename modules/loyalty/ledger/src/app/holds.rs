//! Holds: amounts set aside for a transaction that may follow.

use socle_books::{Capture, Command, Hold, NewHold, Receipt, read};
use socle_kernel::{Common, Cx, HoldId};

use super::Ledger;
use crate::{
    Error,
    domain::{holding, unit},
};

impl Ledger {
    /// Sets an amount aside until it is captured, voided or its time is over.
    pub async fn hold(&self, cx: &Cx, new: NewHold) -> Result<Receipt, Error> {
        self.submit(holding(cx, new)?).await
    }

    /// Posts a part of a hold, or all that is left of it.
    pub async fn capture(&self, cx: &Cx, capture: Capture) -> Result<Receipt, Error> {
        self.submit(unit(cx).with(Command::Capture(capture))).await
    }

    /// Lets go of a hold.
    pub async fn void(&self, cx: &Cx, id: HoldId) -> Result<Receipt, Error> {
        self.submit(unit(cx).with(Command::Void(id))).await
    }

    /// A hold as it stands.
    pub async fn find_hold(&self, cx: &Cx, id: HoldId) -> Result<Hold, Error> {
        let found = read::hold(self.db.read(cx), id).await?;
        found.ok_or_else(|| Common::NotFound(id.to_string()).into())
    }
}
