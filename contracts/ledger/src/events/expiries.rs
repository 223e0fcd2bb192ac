//! Expiries that lie ahead.

use serde::{Deserialize, Serialize};
use socle_kernel::{AccountId, Amount, Day, Event, Revision, Timestamp};
use utoipa::ToSchema;

use crate::{Customer, ProgrammeId};

/// Points of a customer will expire soon. Told once for what expires on one day; what the customer
/// spends or earns afterwards is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExpiryAnnounced {
    /// The customer's account of points.
    pub account: AccountId,
    pub customer: Customer,
    pub programme: ProgrammeId,
    /// On which they expire, in UTC.
    pub day: Day,
    /// The first moment of that day at which some of them are worth nothing.
    pub expires_at: Timestamp,
    /// What will expire on that day unless it is spent.
    pub points: Amount,
}

impl Event for ExpiryAnnounced {
    const TYPE: &str = "ledger.expiry.announced";
    const TOPIC: &str = "ledger.expiries.v1";

    /// The account and the day: what expires on another day is another expiry.
    fn partition_key(&self) -> String {
        format!("{}/{}", self.account, self.day)
    }

    /// It is announced once.
    fn sequence(&self) -> Revision {
        Revision::FIRST
    }
}
