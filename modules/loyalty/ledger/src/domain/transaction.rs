//! Transactions of any shape, for callers that keep accounts of their own.

use socle_books::{Command, Flow, Leg, Memo, NewHold, Posted, Reversal, Transfer, Unit};
use socle_kernel::{Cx, Timestamp, TransferId};

use super::{kind, unit};
use crate::Error;

/// A transaction to be posted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NewTransaction {
    /// The same identifier with the same content is the same transaction.
    pub id: TransferId,
    /// The caller's word for it.
    pub kind: String,
    /// When it counts; `None`: now.
    pub effective_at: Option<Timestamp>,
    /// Sum to zero per asset; the first names the account whose transaction it is.
    pub legs: Vec<Leg>,
    pub memo: Memo,
}

impl NewTransaction {
    pub(crate) fn unit(self, cx: &Cx) -> Result<Unit, Error> {
        if kind::OWN.contains(&self.kind.as_str()) {
            return Err(Error::KindReserved);
        }
        let Self { id, kind, effective_at, legs, memo } = self;
        let transfer = Transfer { id, kind, flow: Flow::Plain, effective_at, legs, memo };
        Ok(unit(cx).with(Command::Post(transfer)))
    }
}

/// The unit that sets an amount aside. What was set aside may be spent, but is no other of the
/// ledger's own transactions.
pub(crate) fn holding(cx: &Cx, new: NewHold) -> Result<Unit, Error> {
    if new.kind != kind::BURN && kind::OWN.contains(&new.kind.as_str()) {
        return Err(Error::KindReserved);
    }
    Ok(unit(cx).with(Command::Hold(new)))
}

/// The unit that undoes a transaction. A refund stands: its purchase counts as given back.
pub(crate) fn reversing(
    cx: &Cx,
    (of, original): (TransferId, Option<&Posted>),
    memo: Memo,
) -> Result<Unit, Error> {
    // A caller may call a transaction a refund; only a real one corrects another.
    let is_refund = |it: &Posted| it.kind == kind::REFUND && it.flow == Flow::Correction;
    if original.is_some_and(is_refund) {
        return Err(Error::RefundStands);
    }
    let reversal = Reversal { id: cx.new_id(), of, kind: kind::REVERSE.to_owned(), memo };
    Ok(unit(cx).with(Command::Reverse(reversal)))
}
