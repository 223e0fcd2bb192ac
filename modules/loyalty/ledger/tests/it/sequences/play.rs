//! A tenant to whom things happen.

use std::collections::BTreeMap;

use proptest::{collection::vec, option, prelude::*, sample::select};
use socle_books::{
    Capture, Memo, NewHold,
    verify::{Difference, Tenants},
};
use socle_kernel::{AccountId, Classify, Cx, Day, HoldId, Kind, Timestamp, TransferId};
use socle_ledger::{
    Adjustment, CustomerAccounts, CustomerBalance, Error, LiabilityDay, NewPurchase, Programme,
    ProgrammeAccounts, Refund, Spending,
};
use socle_ledger_contract::PurchaseId;

use crate::world::{World, amount, customer, dollars, rules};

pub(crate) const CUSTOMERS: [&str; 3] = ["ada", "bob", "cleo"];

/// Something that happens; most of it may be refused.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Buy { whose: &'static str, days_ago: i32, cents: u32 },
    Burn { whose: &'static str, points: i32, days_ago: Option<i32> },
    Adjust { whose: &'static str, points: i32 },
    Refund { which: usize, cents: u32 },
    Reverse { which: usize },
    Hold { whose: &'static str, points: i32, days: i32 },
    Capture { which: usize, points: Option<i32> },
    Void { which: usize },
    Close { whose: &'static str },
    Expire,
    Wait { days: i32 },
}

pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let whose = || select(&CUSTOMERS[..]);
    let step = prop_oneof![
        6 => (whose(), 0..420, 0_u32..8_000)
            .prop_map(|(whose, days_ago, cents)| Step::Buy { whose, days_ago, cents }),
        4 => (whose(), 1..60, option::of(0..420))
            .prop_map(|(whose, points, days_ago)| Step::Burn { whose, points, days_ago }),
        2 => (whose(), -20..40).prop_map(|(whose, points)| Step::Adjust { whose, points }),
        3 => (any::<usize>(), 1_u32..4_000)
            .prop_map(|(which, cents)| Step::Refund { which, cents }),
        3 => any::<usize>().prop_map(|which| Step::Reverse { which }),
        3 => (whose(), 1..40, 1..200)
            .prop_map(|(whose, points, days)| Step::Hold { whose, points, days }),
        2 => (any::<usize>(), option::of(1..40))
            .prop_map(|(which, points)| Step::Capture { which, points }),
        1 => any::<usize>().prop_map(|which| Step::Void { which }),
        1 => whose().prop_map(|whose| Step::Close { whose }),
        1 => Just(Step::Expire),
        2 => (1..120).prop_map(|days| Step::Wait { days }),
    ];
    vec(step, 1..60)
}

pub(crate) struct Play<'w> {
    world: &'w World,
    pub(crate) cx: Cx,
    programme: Programme,
    purchases: Vec<PurchaseId>,
    transactions: Vec<TransferId>,
    /// Points of adjustments that stand.
    adjusted: BTreeMap<TransferId, i64>,
    holds: Vec<HoldId>,
}

impl<'w> Play<'w> {
    pub(crate) async fn begin(world: &'w World, cx: Cx) -> Self {
        let programme = world.ledger.define_programme(&cx, rules("Points")).await;
        let programme = programme.expect("a programme");
        let (purchases, transactions, holds) = (Vec::new(), Vec::new(), Vec::new());
        let adjusted = BTreeMap::new();
        Self { world, cx, programme, purchases, transactions, adjusted, holds }
    }

    /// Lets it happen; a refusal is an answer, a fault is none.
    pub(crate) async fn step(&mut self, step: Step) -> Result<(), TestCaseError> {
        let told = format!("{step:?}");
        match self.happen(step).await {
            Err(it) if matches!(it.class().0, Kind::Internal | Kind::Unavailable) => {
                Err(TestCaseError::fail(format!("{told}: {it:?}")))
            }
            _ => Ok(()),
        }
    }

    async fn happen(&mut self, step: Step) -> Result<(), Error> {
        match step {
            Step::Buy { whose, days_ago, cents } => self.buy(whose, days_ago, cents).await,
            Step::Burn { whose, points, days_ago } => self.burn(whose, points, days_ago).await,
            Step::Adjust { whose, points } => self.adjust(whose, points).await,
            Step::Refund { which, cents } => self.refund(which, cents).await,
            Step::Reverse { which } => self.reverse(which).await,
            Step::Hold { whose, points, days } => self.hold(whose, points, days).await,
            Step::Capture { which, points } => self.capture(which, points).await,
            Step::Void { which } => {
                let Some(hold) = one_of(&self.holds, which) else { return Ok(()) };
                self.world.ledger.void(&self.cx, hold).await.map(drop)
            }
            Step::Close { whose } => {
                let (ledger, customer) = (&self.world.ledger, customer(whose));
                let (cx, memo) = (&self.cx, Memo::default());
                let closed = ledger.close_customer(cx, &self.programme, &customer, memo).await?;
                self.transactions.extend(closed.posted.iter().map(|it| it.id));
                Ok(())
            }
            Step::Expire => self.world.ledger.expire_due(&self.cx).await.map(drop),
            Step::Wait { days } => {
                self.cx = self.cx.at(self.ago(-days));
                Ok(())
            }
        }
    }

    fn ago(&self, days: i32) -> Timestamp {
        self.cx.now.day().plus_days(-days).start()
    }

    async fn buy(&mut self, whose: &str, days_ago: i32, cents: u32) -> Result<(), Error> {
        let purchase = NewPurchase {
            id: self.cx.new_id(),
            customer: customer(whose),
            effective_at: self.ago(days_ago),
            amount: dollars(&format!("{}.{:02}", cents / 100, cents % 100)),
            memo: Memo::default(),
        };
        let id = purchase.id;
        let receipt = self.world.ledger.earn(&self.cx, &self.programme, purchase).await?;
        self.purchases.push(id);
        self.transactions.extend(receipt.posted.iter().map(|it| it.id));
        Ok(())
    }

    async fn burn(&mut self, whose: &str, points: i32, ago: Option<i32>) -> Result<(), Error> {
        let spending = Spending {
            id: self.cx.new_id(),
            customer: customer(whose),
            points: amount(points),
            effective_at: ago.map(|it| self.ago(it)),
            memo: Memo::default(),
        };
        let preview = self.world.ledger.preview_burn(&self.cx, &self.programme, spending.clone());
        let preview = preview.await;
        let receipt = self.world.ledger.burn(&self.cx, &self.programme, spending).await;
        assert_eq!(preview.is_ok(), receipt.is_ok(), "a preview tells what happens");
        let receipt = receipt?;
        assert_eq!(preview?.lots, receipt.lots, "a preview tells which lots go");
        self.transactions.extend(receipt.posted.iter().map(|it| it.id));
        Ok(())
    }

    async fn adjust(&mut self, whose: &str, points: i32) -> Result<(), Error> {
        let id: TransferId = self.cx.new_id();
        let (customer, reason) = (customer(whose), "by hand".to_owned());
        let adjustment = Adjustment { id, customer, points: amount(points), reason };
        self.world.ledger.adjust(&self.cx, &self.programme, adjustment).await?;
        self.transactions.push(id);
        self.adjusted.insert(id, points.into());
        Ok(())
    }

    async fn refund(&mut self, which: usize, cents: u32) -> Result<(), Error> {
        let Some(purchase) = one_of(&self.purchases, which) else { return Ok(()) };
        let sum = dollars(&format!("{}.{:02}", cents / 100, cents % 100));
        let refund = Refund { id: self.cx.new_id(), purchase, amount: sum, memo: Memo::default() };
        let id = refund.id;
        self.world.ledger.refund(&self.cx, refund).await?;
        self.transactions.push(id);
        Ok(())
    }

    async fn reverse(&mut self, which: usize) -> Result<(), Error> {
        let Some(of) = one_of(&self.transactions, which) else { return Ok(()) };
        let receipt = self.world.ledger.reverse(&self.cx, of, Memo::default()).await?;
        self.transactions.extend(receipt.posted.iter().map(|it| it.id));
        self.adjusted.remove(&of);
        Ok(())
    }

    async fn hold(&mut self, whose: &str, points: i32, days: i32) -> Result<(), Error> {
        let new = NewHold {
            id: self.cx.new_id(),
            kind: "burn".to_owned(),
            account: self.points_of(whose),
            counter: ProgrammeAccounts::of(self.cx.tenant, &self.programme).settlement.id,
            amount: amount(points),
            expires_at: self.ago(-days),
        };
        let id = new.id;
        self.world.ledger.hold(&self.cx, new).await?;
        self.holds.push(id);
        Ok(())
    }

    async fn capture(&mut self, which: usize, points: Option<i32>) -> Result<(), Error> {
        let Some(hold) = one_of(&self.holds, which) else { return Ok(()) };
        let (id, amount, memo) = (self.cx.new_id(), points.map(amount), Memo::default());
        let capture = Capture { id, hold, amount, memo };
        self.world.ledger.capture(&self.cx, capture).await?;
        self.transactions.push(id);
        Ok(())
    }

    fn points_of(&self, whose: &str) -> AccountId {
        CustomerAccounts::of(self.cx.tenant, &self.programme, &customer(whose)).points.id
    }

    pub(crate) async fn balance(&self, whose: &str, at: Timestamp) -> CustomerBalance {
        let (ledger, customer) = (&self.world.ledger, customer(whose));
        let balance = ledger.balance(&self.cx, &self.programme, &customer, at).await;
        balance.expect("a balance")
    }

    /// What the lots of a customer say can be spent now.
    pub(crate) async fn open_points(&self, whose: &str) -> i64 {
        let (ledger, customer) = (&self.world.ledger, customer(whose));
        let (cx, programme) = (&self.cx, &self.programme);
        let lots = ledger.open_lots(cx, programme, &customer, cx.now).await.expect("lots");
        lots.iter().map(|it| it.free.minor()).sum()
    }

    /// The accounts' balances as stored, summed by purpose.
    pub(crate) async fn purposes(&self) -> BTreeMap<String, i64> {
        let tenant = self.cx.tenant.uuid();
        let sql = "select purpose, sum(balance)::int8 from socle_ledger.account
                   where tenant_id = $1 group by purpose";
        let mut superuser = self.world.database.superuser().await;
        let rows: Vec<(String, i64)> =
            sqlx::query_as(sql).bind(tenant).fetch_all(&mut superuser).await.expect("balances");
        rows.into_iter().collect()
    }

    /// What was given for purchases and by hand, less what was taken back.
    pub(crate) async fn given(&self) -> i64 {
        let tenant = self.cx.tenant.uuid();
        let sql = "select coalesce(sum(points - refunded_points), 0)::int8
                   from socle_ledger.purchase where tenant_id = $1";
        let mut superuser = self.world.database.superuser().await;
        let bought: i64 =
            sqlx::query_scalar(sql).bind(tenant).fetch_one(&mut superuser).await.expect("points");
        bought + self.adjusted.values().sum::<i64>()
    }

    /// The trial balance at the end of a day.
    pub(crate) async fn totals(&self, on: Day) -> Vec<i64> {
        let totals = self.world.ledger.trial_balance(&self.cx, on).await.expect("a balance");
        let totals: Vec<i64> = totals.iter().map(|it| it.balance.minor()).collect();
        assert_eq!(totals.iter().sum::<i64>(), 0, "{on}");
        totals
    }

    pub(crate) async fn owed(&self, from: Day, until: Day) -> Vec<LiabilityDay> {
        let owed = self.world.ledger.liability(&self.cx, &self.programme, from, until).await;
        owed.expect("days")
    }

    /// What does not add up when everything is computed again.
    pub(crate) async fn verified(&self) -> Vec<Difference> {
        let report = self.world.ledger.verify(Tenants::Only(self.cx.tenant)).await;
        let report = report.expect("it is verified");
        assert!(report.is_conserved);
        report.differences
    }
}

fn one_of<T: Copy>(all: &[T], which: usize) -> Option<T> {
    (!all.is_empty()).then(|| all[which % all.len()])
}
