//! From a transfer as posted to the event that tells of it.

use socle_books::Announcement;
use socle_events::{EventId, Fact};
use socle_kernel::{Fault, Revision};
use socle_ledger_contract::{PostedLeg, TransactionPosted};

/// Tells of a posted transaction. The event's identifier follows from the transaction's, so the
/// same transaction is never told of twice under two names.
pub(crate) fn announce(of: &Announcement<'_>) -> Result<Fact, Fault> {
    let posted = of.posted;
    let legs = posted.legs.iter().map(|it| PostedLeg {
        account: it.account,
        asset: it.asset.clone(),
        seq: Revision::counted(it.seq),
        amount: it.amount,
        balance: it.balance,
    });
    let event = TransactionPosted {
        transaction: posted.id,
        kind: posted.kind.clone(),
        recorded_at: posted.recorded_at,
        effective_at: posted.effective_at,
        legs: legs.collect(),
        reverses: posted.reverses,
    };
    let id = EventId::from_uuid(posted.id.uuid());
    Fact::of(&event, id, of.tenant, posted.recorded_at, of.author.clone())
}
