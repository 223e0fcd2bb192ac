//! What a merchant reports: who is owed what, what expires, and that everything adds up.

use socle_books::{
    Command, Unit,
    read::{self, Expiring, Total},
    verify::{self, Announced, Report, Tenants},
};
use socle_kernel::{Amount, Cx, Day, Event, Timestamp};
use socle_ledger_contract::TransactionPosted;

use super::Ledger;
use crate::{
    Error,
    domain::{OWED, Programme, announce},
    store,
};

/// How many accounts are looked for at a time.
const DUE_MAX: i64 = 1_000;

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

    /// Recomputes everything from the entries, and compares: sums, running balances, roll-ups,
    /// lots and their expiry, holds, purchases, and what each transaction's event tells.
    pub async fn verify(&self, of: Tenants) -> Result<Report, Error> {
        let announced = Announced::Each(TransactionPosted::TYPE);
        Ok(verify::verify(&self.db, of, announced, store::CHECKS).await?)
    }

    /// Forgets the keys of requests that expired by a moment, of every tenant; returns how many.
    /// That of a purchase or a refund is never forgotten.
    pub async fn forget_keys(&self, by: Timestamp) -> Result<u64, Error> {
        Ok(socle_books::forget_keys(&self.db, by).await?)
    }

    /// Records what has expired, for all accounts of the tenant; the same result however often it
    /// runs and whenever. Returns how many transactions that took.
    pub async fn expire_due(&self, cx: &Cx) -> Result<usize, Error> {
        let mut posted = 0;
        loop {
            let due = read::due(self.db.read(cx), cx.now, DUE_MAX).await?;
            if due.is_empty() {
                return Ok(posted);
            }
            let expire = |it| Unit::new(cx).with(Command::Expire(it)).announcing(announce);
            for outcome in self.books.submit_all(due.into_iter().map(expire).collect()).await {
                posted += outcome?.posted.len();
            }
        }
    }
}
