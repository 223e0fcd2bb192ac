//! Transactions of any shape, for callers that keep accounts of their own.

use socle_books::{Command, Flow, Leg, Memo, Transfer, Unit};
use socle_kernel::{Cx, Timestamp, TransferId};

use super::announce;

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
    pub(crate) fn unit(self, cx: &Cx) -> Unit {
        let Self { id, kind, effective_at, legs, memo } = self;
        let transfer = Transfer { id, kind, flow: Flow::Plain, effective_at, legs, memo };
        Unit::new(cx).with(Command::Post(transfer)).announcing(announce)
    }
}
