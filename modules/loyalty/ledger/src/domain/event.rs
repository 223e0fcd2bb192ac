//! From what happened in the books to the event that tells of it.

use socle_books::{Announcement, HoldAnnouncement, HoldState, Unit};
use socle_events::{Author, EventId, Fact};
use socle_kernel::{Cx, Event, Fault, Revision, Timestamp};
use socle_ledger_contract::{HoldExpired, HoldPlaced, HoldVoided, PostedLeg, TransactionPosted};

/// An empty unit of this caller, which tells of all that happens in it.
pub(crate) fn unit(cx: &Cx) -> Unit {
    Unit::new(cx).announcing(announce).announcing_holds(announce_hold)
}

/// Tells of a posted transaction. The event's identifier follows from the transaction's, so the
/// same transaction is never told of twice under two names.
fn announce(of: &Announcement<'_>) -> Result<Fact, Fault> {
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
        hold: posted.hold,
    };
    let id = EventId::from_uuid(posted.id.uuid());
    Fact::of(&event, id, of.tenant, posted.recorded_at, of.author.clone())
}

/// Tells of a hold that was placed or has ended; its captures are transactions.
fn announce_hold(of: &HoldAnnouncement<'_>) -> Result<Fact, Fault> {
    let (it, asset, author) = (of.hold, of.asset.clone(), of.author.clone());
    let (hold, account, counter) = (it.id, it.account, it.counter);
    let (amount, captured, until) = (it.amount, it.captured, it.expires_at);
    match it.state {
        HoldState::Open | HoldState::Captured => {
            let kind = it.kind.clone();
            let placed =
                HoldPlaced { hold, kind, account, counter, asset, amount, expires_at: until };
            of_hold(of, &placed, (of.now, author))
        }
        HoldState::Voided => {
            let voided = HoldVoided { hold, account, counter, asset, amount, captured };
            of_hold(of, &voided, (of.now, author))
        }
        HoldState::Expired => {
            let expired =
                HoldExpired { hold, account, counter, asset, amount, captured, expired_at: until };
            // Whoever finds it ended has not ended it.
            let author = Author {
                actortype: "system",
                actorid: "ledger.clock".to_owned(),
                onbehalfof: None,
                ..author
            };
            of_hold(of, &expired, (until, author))
        }
    }
}

/// The event's identifier follows from the hold's: a hold is placed once and ends once.
fn of_hold<E: Event>(
    of: &HoldAnnouncement<'_>,
    event: &E,
    (time, author): (Timestamp, Author),
) -> Result<Fact, Fault> {
    let words = [E::TYPE, &of.tenant.to_string(), &of.hold.id.to_string()];
    Fact::of(event, EventId::of_words(&words), of.tenant, time, author)
}
