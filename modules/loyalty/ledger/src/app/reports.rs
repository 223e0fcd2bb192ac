//! What a merchant reports: who is owed what, and what expires.

use socle_books::read::{self, Expiring, Total};
use socle_kernel::{Amount, Cx, Day};

use super::Ledger;
use crate::{
    Error,
    domain::{OWED, Programme},
};

/// What a programme owed at the end of a day, and what the day brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiabilityDay {
    pub day: Day,
    pub earned: Amount,
    pub spent: Amount,
    pub expired: Amount,
    /// Points owed at its end.
    pub points: Amount,
    /// Their value, in smallest units of the programme's currency.
    pub value: Amount,
}

impl Ledger {
    /// The trial balance at the end of a day: the balances of each asset sum to zero.
    pub async fn trial_balance(&self, cx: &Cx, on: Day) -> Result<Vec<Total>, Error> {
        Ok(read::totals(self.db.read(cx), on, cx.now).await?)
    }

    /// What a programme owed, day by day.
    pub async fn liability(
        &self,
        cx: &Cx,
        programme: &Programme,
        from: Day,
        until: Day,
    ) -> Result<Vec<LiabilityDay>, Error> {
        let (books, asset) = (self.db.read(cx), programme.asset());
        let days = read::days(books, &asset, &OWED, (from, until), cx.now).await?;
        let each = days.into_iter().map(|it| {
            let (points, value) = (it.balance, programme.value_of(it.balance)?);
            let (earned, spent) = (it.credit, it.debit);
            Ok(LiabilityDay { day: it.day, earned, spent, expired: it.expired, points, value })
        });
        each.collect()
    }

    /// What expires in the next days, by day.
    pub async fn expiring(
        &self,
        cx: &Cx,
        programme: &Programme,
        days: u16,
    ) -> Result<Vec<Expiring>, Error> {
        let until = cx.now.day().plus_days(days.into()).end();
        Ok(read::expiring(self.db.read(cx), &programme.asset(), cx.now, until).await?)
    }
}
