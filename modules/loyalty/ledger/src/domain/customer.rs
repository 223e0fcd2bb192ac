//! What else happens to a customer's points: spent, adjusted, left behind.

use socle_books::{Command, Flow, Leg, Memo, Refusal, Transfer, Unit};
use socle_kernel::{Amount, Cx, Timestamp, TransferId};
use socle_ledger_contract::Customer;

use super::{CustomerAccounts, Programme, ProgrammeAccounts, kind, unit};
use crate::Error;

/// Points to be spent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spending {
    pub id: TransferId,
    pub customer: Customer,
    pub points: Amount,
    /// When they count as spent; `None`: now. What had expired by then cannot be spent.
    pub effective_at: Option<Timestamp>,
    pub memo: Memo,
}

/// Points given (positive) or taken (negative) by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    pub id: TransferId,
    pub customer: Customer,
    pub points: Amount,
    /// Why: an adjustment without a reason is refused.
    pub reason: String,
}

impl Spending {
    pub(crate) fn unit(self, cx: &Cx, programme: &Programme) -> Result<Unit, Error> {
        if !self.points.is_positive() {
            return Err(Refusal::NotPositive.into());
        }
        let accounts = CustomerAccounts::of(cx.tenant, programme, &self.customer);
        let settlement = ProgrammeAccounts::of(cx.tenant, programme).settlement.id;
        let legs =
            vec![Leg::debit(accounts.points.id, self.points), Leg::credit(settlement, self.points)];
        let Self { id, effective_at, memo, .. } = self;
        let kind = kind::BURN.to_owned();
        let transfer = Transfer { id, kind, flow: Flow::Plain, effective_at, legs, memo };
        Ok(unit(cx).with(Command::Post(transfer)))
    }
}

impl Adjustment {
    pub(crate) fn unit(self, cx: &Cx, programme: &Programme) -> Result<Unit, Error> {
        if self.reason.trim().is_empty() {
            return Err(Error::ReasonMissing);
        }
        if self.points.is_zero() {
            return Err(Refusal::NotPositive.into());
        }
        let accounts = CustomerAccounts::of(cx.tenant, programme, &self.customer);
        let issuance = ProgrammeAccounts::of(cx.tenant, programme).issuance.id;
        let (own, flow) = if self.points.is_positive() {
            let given = Leg::credit(accounts.debt.id, self.points).overflowing(accounts.points.id);
            (given.expiring(programme.expiry(cx.now)), Flow::Plain)
        } else {
            (Leg::credit(accounts.points.id, self.points), Flow::Correction)
        };
        let transfer = Transfer {
            id: self.id,
            kind: kind::ADJUST.to_owned(),
            flow,
            effective_at: None,
            legs: vec![own, Leg::credit(issuance, -self.points)],
            memo: Memo { reason: Some(self.reason), metadata: Vec::new() },
        };
        let mut unit = unit(cx);
        unit.commands.extend(accounts.open());
        Ok(unit.with(Command::Post(transfer)))
    }
}

/// Records what has expired, leaves what is left to the programme, and closes both accounts.
pub(crate) fn closing(
    cx: &Cx,
    programme: &Programme,
    customer: &Customer,
    (left, memo): (Amount, Memo),
) -> Unit {
    let accounts = CustomerAccounts::of(cx.tenant, programme, customer);
    let liability = ProgrammeAccounts::of(cx.tenant, programme).liability.id;
    let mut unit = unit(cx).with(Command::Expire(accounts.points.id));
    if left.is_positive() {
        unit = unit.with(Command::Post(Transfer {
            id: cx.new_id(),
            kind: kind::CLOSE.to_owned(),
            flow: Flow::Plain,
            effective_at: None,
            legs: vec![Leg::debit(accounts.points.id, left), Leg::credit(liability, left)],
            memo,
        }));
    }
    unit.with(Command::Close(accounts.points.id)).with(Command::Close(accounts.debt.id))
}
