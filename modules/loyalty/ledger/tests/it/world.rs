//! A merchant with one programme: 1 point a dollar, cents dropped, living 12 months.

use std::sync::Arc;

use futures_util::future::{self, BoxFuture, FutureExt};
use jiff::tz::TimeZone;
use socle_books::{Memo, NewHold, Posted, Receipt};
use socle_jobs::{TenantDirectory, Worker};
use socle_kernel::{
    AccountId, Amount, Classify, Currency, Cx, Day, Fault, HoldId, Money, TenantId, Timestamp,
    TransferId,
};
use socle_ledger::{
    Adjustment, CustomerAccounts, CustomerBalance, EarnRate, Error, Ledger, MODULE, NewProgramme,
    NewPurchase, Programme, ProgrammeAccounts, Purchase, Refund, Rounding, Spending, crons, works,
};
use socle_ledger_contract::{Customer, PurchaseId};
use socle_testkit::TestDatabase;

pub(crate) struct World {
    pub(crate) database: TestDatabase,
    pub(crate) ledger: Ledger,
    /// Noon on 1 January 2030.
    pub(crate) cx: Cx,
    pub(crate) programme: Programme,
}

pub(crate) const ALICE: &str = "demo-alice";
pub(crate) const BOB: &str = "demo-bob";

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(rules("Points")).await
    }

    pub(crate) async fn with(rules: NewProgramme) -> Self {
        let database = TestDatabase::of(&[MODULE]).await;
        let ledger = Ledger::new(database.db("ledger"));
        let cx = socle_testkit::cx();
        let programme = ledger.define_programme(&cx, rules).await.expect("a programme");
        Self { database, ledger, cx, programme }
    }

    /// Does all jobs that are due at a moment, and what the calendar has for it.
    pub(crate) async fn pump(&self, now: Timestamp) -> u64 {
        self.worker(Vec::new()).pump(now).await.expect("the jobs are done")
    }

    /// Does the jobs of this database, and turns the calendar for these tenants.
    pub(crate) fn worker(&self, tenants: Vec<(TenantId, TimeZone)>) -> Worker {
        let worker = Worker::new(self.database.db("ledger"), works(&self.ledger));
        worker.with_calendar(crons(), Arc::new(Tenants(tenants)))
    }

    /// The same caller on another day, at noon.
    pub(crate) fn on(&self, date: &str) -> Cx {
        self.cx.at(noon(date))
    }

    pub(crate) fn purchase(&self, whose: &str, date: &str, sum: &str) -> NewPurchase {
        NewPurchase {
            id: self.cx.new_id(),
            customer: customer(whose),
            effective_at: day(date).start(),
            amount: dollars(sum),
            memo: Memo::default(),
        }
    }

    /// A purchase whose points have been given.
    pub(crate) async fn bought(&self, whose: &str, date: &str, sum: &str) -> NewPurchase {
        let purchase = self.purchase(whose, date, sum);
        self.earn(purchase.clone()).await.expect("points are given");
        purchase
    }

    pub(crate) async fn earn(&self, purchase: NewPurchase) -> Result<Receipt, Error> {
        self.ledger.earn(&self.cx, &self.programme, purchase).await
    }

    pub(crate) fn spending(&self, whose: &str, points: i32) -> Spending {
        Spending {
            id: self.cx.new_id(),
            customer: customer(whose),
            points: amount(points),
            effective_at: None,
            memo: Memo::default(),
        }
    }

    pub(crate) async fn burn(&self, cx: &Cx, whose: &str, points: i32) -> Result<Receipt, Error> {
        self.ledger.burn(cx, &self.programme, self.spending(whose, points)).await
    }

    pub(crate) async fn adjust(
        &self,
        whose: &str,
        points: i32,
        reason: &str,
    ) -> Result<Receipt, Error> {
        let (id, customer, points) = (self.cx.new_id(), customer(whose), amount(points));
        let adjustment = Adjustment { id, customer, points, reason: reason.to_owned() };
        self.ledger.adjust(&self.cx, &self.programme, adjustment).await
    }

    /// The purchase after a part of it has been given back.
    pub(crate) async fn refund(&self, of: PurchaseId, sum: &str) -> Result<Purchase, Error> {
        self.ledger.refund(&self.cx, self.refund_of(of, sum)).await?;
        self.ledger.purchase(&self.cx, of).await
    }

    pub(crate) fn refund_of(&self, purchase: PurchaseId, sum: &str) -> Refund {
        let (id, amount, memo) = (self.cx.new_id(), dollars(sum), Memo::default());
        Refund { id, purchase, amount, memo }
    }

    pub(crate) async fn reverse(&self, cx: &Cx, of: TransferId) -> Result<Receipt, Error> {
        self.ledger.reverse(cx, of, Memo::default()).await
    }

    /// Sets points aside to be spent, for that many days.
    pub(crate) async fn hold(&self, whose: &str, points: i32, days: i32) -> Result<HoldId, Error> {
        let new = self.new_hold(whose, points, days);
        let id = new.id;
        self.ledger.hold(&self.cx, new).await.map(|_| id)
    }

    pub(crate) fn new_hold(&self, whose: &str, points: i32, days: i32) -> NewHold {
        NewHold {
            id: self.cx.new_id(),
            kind: "burn".to_owned(),
            account: self.customers(whose).points.id,
            counter: self.system().settlement.id,
            amount: amount(points),
            expires_at: self.cx.now.day().plus_days(days).start(),
        }
    }

    pub(crate) fn system(&self) -> ProgrammeAccounts {
        ProgrammeAccounts::of(self.cx.tenant, &self.programme)
    }

    pub(crate) fn customers(&self, whose: &str) -> CustomerAccounts {
        CustomerAccounts::of(self.cx.tenant, &self.programme, &customer(whose))
    }

    pub(crate) async fn balance_at(&self, whose: &str, at: Timestamp) -> CustomerBalance {
        let (cx, customer) = (&self.cx, customer(whose));
        self.ledger.balance(cx, &self.programme, &customer, at).await.expect("a balance")
    }

    /// What can be spent now.
    pub(crate) async fn available(&self, whose: &str) -> i64 {
        self.balance_at(whose, self.cx.now).await.available.minor()
    }

    /// What an account holds: credit positive.
    pub(crate) async fn held_by(&self, account: AccountId) -> i64 {
        let account = self.ledger.account(&self.cx, account).await.expect("an account");
        account.balance.minor()
    }

    /// What a customer owes to the programme.
    pub(crate) async fn debt(&self, whose: &str) -> i64 {
        self.held_by(self.customers(whose).debt.id).await
    }

    /// How many transactions there are: what must not have happened left none.
    pub(crate) async fn transactions(&self) -> i64 {
        self.database.number("select count(*) from socle_ledger.transfer").await
    }
}

/// For whom the calendar is turned.
#[derive(Debug)]
pub(crate) struct Tenants(pub(crate) Vec<(TenantId, TimeZone)>);

impl TenantDirectory for Tenants {
    fn tenants(&self) -> BoxFuture<'_, Result<Vec<(TenantId, TimeZone)>, Fault>> {
        future::ready(Ok(self.0.clone())).boxed()
    }
}

/// 1 point a dollar, cents dropped, living 12 months; 1,000 points are worth $10.
pub(crate) fn rules(name: &str) -> NewProgramme {
    NewProgramme {
        name: name.parse().expect("a name"),
        currency: currency("USD"),
        rate: EarnRate { points: 1, per_units: 1 },
        rounding: Rounding::Down,
        minimum: Amount::ZERO,
        life_months: Some(12),
        worth: amount(1_000),
    }
}

pub(crate) fn currency(code: &str) -> Currency {
    Currency::try_new(code).expect("a currency")
}

pub(crate) fn dollars(sum: &str) -> Money {
    Money::parse(sum, currency("USD")).expect("a sum")
}

pub(crate) fn amount(minor: i32) -> Amount {
    Amount::from(minor)
}

pub(crate) fn customer(reference: &str) -> Customer {
    reference.parse().expect("a customer")
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// The end of a day.
pub(crate) fn end(text: &str) -> Timestamp {
    day(text).end()
}

pub(crate) fn noon(date: &str) -> Timestamp {
    format!("{date}T12:00:00Z").parse().expect("a moment")
}

/// The code that a refusal shows its caller.
pub(crate) fn code<T: std::fmt::Debug>(outcome: Result<T, Error>) -> &'static str {
    outcome.expect_err("a refusal").class().1
}

pub(crate) fn only(receipt: &Receipt) -> &Posted {
    let [posted] = &receipt.posted[..] else { panic!("one transaction: {receipt:?}") };
    posted
}

/// The legs of a transaction: account, amount, balance after it.
pub(crate) fn legs(posted: &Posted) -> Vec<(AccountId, i64, i64)> {
    posted.legs.iter().map(|it| (it.account, it.amount.minor(), it.balance.minor())).collect()
}

pub(crate) fn balance([earned, spent, expired, held, available]: [i32; 5]) -> CustomerBalance {
    CustomerBalance {
        earned: amount(earned),
        spent: amount(spent),
        expired: amount(expired),
        held: amount(held),
        available: amount(available),
    }
}
