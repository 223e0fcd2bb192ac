//! Purchases: what they earn, and what a refund takes back.

use socle_books::{Command, Flow, Key, Leg, Memo, Refusal, Transfer, Unit};
use socle_kernel::{Amount, Cx, Money, Timestamp, TransferId};
use socle_ledger_contract::{Customer, ProgrammeId, PurchaseId};

use super::{CustomerAccounts, Programme, ProgrammeAccounts, kind, unit};
use crate::Error;

/// Something a customer bought, that may earn points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPurchase {
    /// The same purchase, however often it is told.
    pub id: PurchaseId,
    pub customer: Customer,
    /// When it was made: the points count from then on, and live from then on.
    pub effective_at: Timestamp,
    pub amount: Money,
    pub memo: Memo,
}

/// A purchase as it stands.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Purchase {
    pub id: PurchaseId,
    pub programme_id: ProgrammeId,
    pub customer: Customer,
    /// `None` when it earned nothing.
    pub transaction_id: Option<TransferId>,
    pub effective_at: Timestamp,
    /// Smallest units of the programme's currency.
    pub amount: Amount,
    pub points: Amount,
    pub refunded: Amount,
    pub refunded_points: Amount,
}

/// Money given back for a purchase, in part or in whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    pub id: TransferId,
    pub purchase: PurchaseId,
    pub amount: Money,
    pub memo: Memo,
}

impl NewPurchase {
    /// The transaction that gives its points; named after the purchase.
    #[must_use]
    pub fn transaction(&self) -> TransferId {
        TransferId::of_words(&["purchase", &self.id.to_string()])
    }

    /// What is to be recorded, and the unit that gives its points if it earns any.
    pub(crate) fn unit(self, cx: &Cx, programme: &Programme) -> Result<(Purchase, Unit), Error> {
        if self.amount.amount.is_negative() {
            return Err(Error::NegativePurchase);
        }
        if cx.now < self.effective_at {
            return Err(Refusal::EffectiveInFuture.into());
        }
        // A purchase of no points touches no account that would tell.
        let points = programme.visible_to(cx)?.points_for(self.amount)?;
        let purchase = self.recorded(programme, points);
        let mut unit = unit(cx).keyed(self.key(cx, programme));
        // Who bought something is a customer, points or not.
        let accounts = CustomerAccounts::of(cx.tenant, programme, &self.customer);
        unit.commands.extend(accounts.open());
        if points.is_positive() {
            unit.commands.push(Command::Post(self.earning(cx, programme, points, &accounts)));
        }
        Ok((purchase, unit))
    }

    fn recorded(&self, programme: &Programme, points: Amount) -> Purchase {
        Purchase {
            id: self.id,
            programme_id: programme.id,
            customer: self.customer.clone(),
            transaction_id: points.is_positive().then(|| self.transaction()),
            effective_at: self.effective_at,
            amount: self.amount.amount,
            points,
            refunded: Amount::ZERO,
            refunded_points: Amount::ZERO,
        }
    }

    fn key(&self, cx: &Cx, programme: &Programme) -> Key {
        let (programme, customer) = (programme.id.to_string(), self.customer.to_string());
        let (scope, name) = (format!("{}/purchase", cx.tenant), self.id.to_string());
        if self.effective_at == cx.now {
            // One that is made now is the same when it is told again a moment later.
            return Key::new(&scope, &name, &(programme, customer, self.amount.amount));
        }
        let content = (programme, customer, self.effective_at, self.amount.amount);
        Key::new(&scope, &name, &content)
    }

    /// Earned points pay off a debt first; the rest is the customer's.
    fn earning(
        self,
        cx: &Cx,
        programme: &Programme,
        points: Amount,
        accounts: &CustomerAccounts,
    ) -> Transfer {
        let issuance = ProgrammeAccounts::of(cx.tenant, programme).issuance.id;
        let earned = Leg::credit(accounts.debt.id, points)
            .overflowing(accounts.points.id)
            .expiring(programme.expiry(self.effective_at));
        Transfer {
            id: self.transaction(),
            kind: kind::EARN.to_owned(),
            flow: Flow::Plain,
            effective_at: Some(self.effective_at),
            legs: vec![earned, Leg::debit(issuance, points)],
            memo: self.memo,
        }
    }
}

impl Refund {
    /// An empty unit that claims its identifier: the same refund, told again, is a replay of it.
    pub(crate) fn claim(&self, cx: &Cx) -> Unit {
        let content = (self.purchase, self.amount.amount, self.amount.currency.code());
        let scope = format!("{}/refund", cx.tenant);
        unit(cx).keyed(Key::new(&scope, &self.id.to_string(), &content))
    }
}

impl Purchase {
    /// All of it is given back: its points have been taken by a reversal. A purchase whose points
    /// were taken back in part is refused, or they would be taken twice.
    pub(crate) fn taken_back(self) -> Result<Self, Error> {
        if self.refunded_points.is_positive() {
            return Err(Error::PurchaseRefunded);
        }
        Ok(Self { refunded: self.amount, refunded_points: self.points, ..self })
    }

    /// Gives a part of the money back: returns the purchase afterwards, and the unit that claims
    /// the refund and takes back the points that the rest would not have earned, if there are any.
    ///
    /// The points that the purchase brought go first, then others, and what is spent already
    /// becomes a debt.
    pub(crate) fn refund(
        &self,
        cx: &Cx,
        programme: &Programme,
        refund: &Refund,
    ) -> Result<(Self, Unit), Error> {
        let too_large = |_| Error::TooLarge;
        if !refund.amount.amount.is_positive() {
            return Err(Error::NegativePurchase);
        }
        let refunded = self.refunded.plus(refund.amount.amount).map_err(too_large)?;
        let left = self.amount.minus(refunded).map_err(too_large)?;
        if left.is_negative() {
            let left = self.amount.minus(self.refunded).map_err(too_large)?;
            return Err(Error::RefundTooLarge { left });
        }
        let currency = refund.amount.currency;
        let kept = programme.points_for(Money { amount: left, currency })?;
        let refunded_points = self.points.minus(kept).map_err(too_large)?.max(Amount::ZERO);
        let points = refunded_points.minus(self.refunded_points).map_err(too_large)?;
        let after = Self { refunded, refunded_points, ..self.clone() };
        let Some(earned) = self.transaction_id.filter(|_| points.is_positive()) else {
            return Ok((after, refund.claim(cx)));
        };
        let accounts = CustomerAccounts::of(cx.tenant, programme, &self.customer);
        let issuance = ProgrammeAccounts::of(cx.tenant, programme).issuance.id;
        let taken =
            Leg::debit(accounts.points.id, points).overflowing(accounts.debt.id).preferring(earned);
        let transfer = Transfer {
            id: refund.id,
            kind: kind::REFUND.to_owned(),
            flow: Flow::Correction,
            effective_at: None,
            legs: vec![taken, Leg::credit(issuance, points)],
            memo: refund.memo.clone(),
        };
        Ok((after, refund.claim(cx).with(Command::Post(transfer))))
    }
}
