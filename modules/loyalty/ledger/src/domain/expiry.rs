//! Expiries that lie ahead, of which customers are told.

use socle_kernel::{AccountId, Amount, Asset, Cx, Day, Timestamp};
use socle_ledger_contract::{Customer, ExpiryAnnounced, ProgrammeId};

/// How many days before its points expire a customer is told.
const DAYS_AHEAD: i32 = 30;

/// What of one account will expire on one day.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct ExpiryAhead {
    pub(crate) account_id: AccountId,
    pub(crate) owner: String,
    pub(crate) asset: Asset,
    pub(crate) day: Day,
    pub(crate) expires_at: Timestamp,
    pub(crate) points: Amount,
}

/// Up to when what expires is told of: the end of a day, so that a day is told of as a whole.
pub(crate) fn horizon(cx: &Cx) -> Timestamp {
    cx.now.day().plus_days(DAYS_AHEAD).end()
}

impl ExpiryAhead {
    /// The event that tells of it, if it is a customer's points in a programme: the ledger alone
    /// opens accounts of such owners and assets.
    pub(crate) fn announced(self) -> Option<ExpiryAnnounced> {
        let customer: Customer = self.owner.strip_prefix("customer:")?.parse().ok()?;
        let programme: ProgrammeId = self.asset.as_ref().strip_prefix("PTS.")?.parse().ok()?;
        let Self { account_id: account, day, expires_at, points, .. } = self;
        Some(ExpiryAnnounced { account, customer, programme, day, expires_at, points })
    }
}
