//! A customer's points: spent, adjusted, looked at, closed.

use socle_books::{
    Command, Memo, Receipt,
    read::{self, AsOf, Entry, OpenLot, Span},
};
use socle_db::Tx;
use socle_kernel::{Amount, Cx, Timestamp};
use socle_ledger_contract::Customer;

use super::Ledger;
use crate::{
    Error,
    domain::{Adjustment, CustomerAccounts, Programme, Spending, closing, unit},
};

/// What a customer has, or had at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomerBalance {
    /// All points that came in, less what was reversed or refunded.
    pub earned: Amount,
    pub spent: Amount,
    pub expired: Amount,
    /// Set aside by holds.
    pub held: Amount,
    /// What there is to spend: earned − spent − expired − held.
    pub available: Amount,
}

impl Ledger {
    /// Spends points, the oldest first.
    pub async fn burn(
        &self,
        cx: &Cx,
        programme: &Programme,
        spending: Spending,
    ) -> Result<Receipt, Error> {
        self.submit(spending.unit(cx, programme)?).await
    }

    /// What spending would do now; changes nothing.
    pub async fn preview_burn(
        &self,
        cx: &Cx,
        programme: &Programme,
        spending: Spending,
    ) -> Result<Receipt, Error> {
        let unit = &spending.unit(cx, programme)?;
        self.db.run(cx, async |tx: &mut Tx| Ok(socle_books::preview(tx, unit).await?)).await
    }

    /// Gives or takes points by hand.
    pub async fn adjust(
        &self,
        cx: &Cx,
        programme: &Programme,
        adjustment: Adjustment,
    ) -> Result<Receipt, Error> {
        self.submit(adjustment.unit(cx, programme)?).await
    }

    /// Records what of a customer's points has expired; [`Ledger::expire_due`] for one of them.
    pub async fn expire(
        &self,
        cx: &Cx,
        programme: &Programme,
        customer: &Customer,
    ) -> Result<Receipt, Error> {
        let account = CustomerAccounts::of(cx.tenant, programme, customer).points.id;
        self.submit(unit(cx).with(Command::Expire(account))).await
    }

    /// What a customer had at a moment; expiry counts whether or not anything recorded it.
    pub async fn balance(
        &self,
        cx: &Cx,
        programme: &Programme,
        customer: &Customer,
        at: Timestamp,
    ) -> Result<CustomerBalance, Error> {
        let account = CustomerAccounts::of(cx.tenant, programme, customer).points.id;
        let as_of = read::as_of(self.db.read(cx), account, at, cx.now).await?;
        CustomerBalance::try_from(as_of)
    }

    /// A customer's entries in a span, by the time at which they count.
    pub async fn statement(
        &self,
        cx: &Cx,
        programme: &Programme,
        customer: &Customer,
        span: Span,
    ) -> Result<Vec<Entry>, Error> {
        let account = CustomerAccounts::of(cx.tenant, programme, customer).points.id;
        Ok(read::statement(self.db.read(cx), account, span, read::PAGE_MAX).await?)
    }

    /// The points that a customer can spend at a moment, and until when; the next to go first.
    pub async fn open_lots(
        &self,
        cx: &Cx,
        programme: &Programme,
        customer: &Customer,
        at: Timestamp,
    ) -> Result<Vec<OpenLot>, Error> {
        let account = CustomerAccounts::of(cx.tenant, programme, customer).points.id;
        Ok(read::open_lots(self.db.read(cx), account, at, cx.now).await?)
    }

    /// Closes a customer's accounts for good. What is left is still owed, but to nobody here;
    /// a debt or a hold must be settled before.
    pub async fn close_customer(
        &self,
        cx: &Cx,
        programme: &Programme,
        customer: &Customer,
        memo: Memo,
    ) -> Result<Receipt, Error> {
        let left = self.balance(cx, programme, customer, cx.now).await?.available;
        self.submit(closing(cx, programme, customer, (left, memo))).await
    }
}

impl TryFrom<AsOf> for CustomerBalance {
    type Error = Error;

    fn try_from(it: AsOf) -> Result<Self, Error> {
        let available = it.available().map_err(|_| Error::TooLarge)?;
        let AsOf { credit: earned, debit: spent, expired, held } = it;
        Ok(Self { earned, spent, expired, held, available })
    }
}
