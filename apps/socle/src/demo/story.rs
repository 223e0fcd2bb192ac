//! What happened to the demo's customers.
//!
//! - `demo-alice` earned, lost points that she did not spend in time, spent some, and has an order
//!   on its way: a hold, captured in part.
//! - `demo-bob` spent his points and then gave the purchase back: he owes them, and what he earned
//!   since has paid off a part.
//! - `demo-carol` got points by way of apology, and a spending of hers was taken back.
//! - `demo-dave` will lose his points within 30 days.

use std::cell::Cell;

use socle_books::{Capture, Memo, NewHold, Refusal};
use socle_kernel::{AccountId, Amount, Common, Cx, Day, HoldId, Money, TransferId};
use socle_ledger::{
    Adjustment, CustomerAccounts, Error, Ledger, NewPurchase, Programme, ProgrammeAccounts, Refund,
    Spending,
};
use socle_ledger_contract::{Customer, PurchaseId};

use crate::failure::Failure;

pub(super) const CUSTOMERS: [&str; 4] = ["demo-alice", "demo-bob", "demo-carol", "demo-dave"];

/// Far enough for anybody's demo: the hold stays open.
const HOLD_DAYS: i32 = 3_650;

/// Tells it; says whether anything was new.
pub(super) async fn tell(ledger: &Ledger, cx: &Cx, programme: &Programme) -> Result<bool, Failure> {
    let teller = Teller { ledger, cx, programme, has_news: Cell::new(false) };
    teller.alice().await?;
    teller.bob().await?;
    teller.carol().await?;
    teller.dave().await?;
    Ok(teller.has_news.get())
}

struct Teller<'t> {
    ledger: &'t Ledger,
    cx: &'t Cx,
    programme: &'t Programme,
    /// Whether a step had not been done before.
    has_news: Cell<bool>,
}

impl Teller<'_> {
    async fn alice(&self) -> Result<(), Failure> {
        self.buys("demo-alice", "alice-1", 425, "80.50").await?;
        self.buys("demo-alice", "alice-2", 150, "120.00").await?;
        self.spends("demo-alice", "alice-3", 30, 50).await?;
        let (account, settlement) = self.accounts("demo-alice");
        let hold = HoldId::of_words(&["socle-demo", "alice-4"]);
        let expires_at = self.day(-HOLD_DAYS).end();
        let amount = Amount::from(40);
        let kind = "burn".to_owned();
        let new = NewHold {
            id: hold,
            kind,
            account: account.points.id,
            counter: settlement,
            amount,
            expires_at,
        };
        let (id, amount) = (transfer("alice-5"), Some(Amount::from(25)));
        let memo = because("the first parcel of the order has left");
        if self.is_new(id).await? {
            self.ledger.expire(self.cx, self.programme, &customer("demo-alice")).await?;
            self.ledger.hold(self.cx, new).await?;
            self.ledger.capture(self.cx, Capture { id, hold, amount, memo }).await?;
        }
        Ok(())
    }

    async fn bob(&self) -> Result<(), Failure> {
        let purchase = self.buys("demo-bob", "bob-1", 90, "60.00").await?;
        self.spends("demo-bob", "bob-2", 60, 60).await?;
        let refund = Refund {
            id: transfer("bob-3"),
            purchase,
            amount: self.dollars("60.00"),
            memo: because("the records were scratched"),
        };
        if self.is_new(refund.id).await? {
            self.ledger.refund(self.cx, refund).await?;
        }
        self.buys("demo-bob", "bob-4", 0, "25.00").await?;
        Ok(())
    }

    async fn carol(&self) -> Result<(), Failure> {
        self.buys("demo-carol", "carol-1", 200, "199.99").await?;
        let adjustment = Adjustment {
            id: transfer("carol-2"),
            customer: customer("demo-carol"),
            points: Amount::from(15),
            reason: "an apology for a late parcel".to_owned(),
        };
        if self.is_new(adjustment.id).await? {
            self.ledger.adjust(self.cx, self.programme, adjustment).await?;
        }
        let spent = self.spends("demo-carol", "carol-3", 20, 100).await?;
        let memo = because("the order was cancelled");
        match self.ledger.reverse(self.cx, spent, memo).await {
            Ok(_) => {
                self.has_news.set(true);
                Ok(())
            }
            Err(Error::Refused(it)) if matches!(it.refusal, Refusal::AlreadyReversed { .. }) => {
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn dave(&self) -> Result<(), Failure> {
        self.buys("demo-dave", "dave-1", 350, "45.00").await.map(drop)
    }

    /// Buys something, so many days before the merchant came; at that moment if it is 0.
    async fn buys(
        &self,
        who: &str,
        name: &str,
        days_ago: i32,
        dollars: &str,
    ) -> Result<PurchaseId, Failure> {
        let id = PurchaseId::of_words(&["socle-demo", name]);
        let purchase = NewPurchase {
            id,
            customer: customer(who),
            effective_at: if days_ago == 0 { self.cx.now } else { self.day(days_ago).start() },
            amount: self.dollars(dollars),
            memo: Memo::default(),
        };
        if self.is_new(purchase.transaction()).await? {
            self.ledger.earn(self.cx, self.programme, purchase).await?;
        }
        Ok(id)
    }

    async fn spends(
        &self,
        who: &str,
        name: &str,
        days_ago: i32,
        points: i32,
    ) -> Result<TransferId, Failure> {
        let id = transfer(name);
        let spending = Spending {
            id,
            customer: customer(who),
            points: Amount::from(points),
            effective_at: Some(self.day(days_ago).start()),
            memo: Memo::default(),
        };
        if self.is_new(id).await? {
            self.ledger.burn(self.cx, self.programme, spending).await?;
        }
        Ok(id)
    }

    /// Whether a step is still to be done.
    async fn is_new(&self, id: TransferId) -> Result<bool, Failure> {
        match self.ledger.transaction(self.cx, id).await {
            Ok(_) => Ok(false),
            Err(Error::Common(Common::NotFound(_))) => {
                self.has_news.set(true);
                Ok(true)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn accounts(&self, who: &str) -> (CustomerAccounts, AccountId) {
        let own = CustomerAccounts::of(self.cx.tenant, self.programme, &customer(who));
        (own, ProgrammeAccounts::of(self.cx.tenant, self.programme).settlement.id)
    }

    fn day(&self, days_ago: i32) -> Day {
        self.cx.now.day().plus_days(-days_ago)
    }

    fn dollars(&self, text: &str) -> Money {
        Money::parse(text, self.programme.rules.currency).expect("a sum of our own")
    }
}

fn customer(text: &str) -> Customer {
    text.parse().expect("a customer of our own")
}

fn transfer(name: &str) -> TransferId {
    TransferId::of_words(&["socle-demo", name])
}

fn because(reason: &str) -> Memo {
    Memo { reason: Some(reason.to_owned()), metadata: Vec::new() }
}
