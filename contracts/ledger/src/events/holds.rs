//! Holds: what was set aside, and what of it is free again. A capture is a transaction, which names
//! its hold.

use serde::{Deserialize, Serialize};
use socle_kernel::{AccountId, Amount, Asset, Event, HoldId, Revision, Timestamp};
use utoipa::ToSchema;

const TOPIC: &str = "ledger.holds.v1";

/// An amount has been set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HoldPlaced {
    pub hold: HoldId,
    /// What its captures will be called: `burn`, or the caller's own word.
    pub kind: String,
    /// Is debited when it is captured.
    pub account: AccountId,
    /// Is credited when it is captured.
    pub counter: AccountId,
    pub asset: Asset,
    pub amount: Amount,
    /// From this moment on it counts no more.
    pub expires_at: Timestamp,
}

/// A hold was let go of before its time was over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HoldVoided {
    pub hold: HoldId,
    pub account: AccountId,
    pub counter: AccountId,
    pub asset: Asset,
    pub amount: Amount,
    /// What of the amount had been captured; the rest is free again.
    pub captured: Amount,
}

/// The time of a hold is over. It counts no more from then on, also when this comes later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HoldExpired {
    pub hold: HoldId,
    pub account: AccountId,
    pub counter: AccountId,
    pub asset: Asset,
    pub amount: Amount,
    /// What of the amount had been captured; the rest is free again.
    pub captured: Amount,
    pub expired_at: Timestamp,
}

impl Event for HoldPlaced {
    const TYPE: &str = "ledger.hold.placed";
    const TOPIC: &str = TOPIC;

    fn partition_key(&self) -> String {
        self.hold.to_string()
    }

    fn sequence(&self) -> Revision {
        Revision::FIRST
    }
}

impl Event for HoldVoided {
    const TYPE: &str = "ledger.hold.voided";
    const TOPIC: &str = TOPIC;

    fn partition_key(&self) -> String {
        self.hold.to_string()
    }

    /// A hold is placed and ends, each once.
    fn sequence(&self) -> Revision {
        Revision::FIRST.next()
    }
}

impl Event for HoldExpired {
    const TYPE: &str = "ledger.hold.expired";
    const TOPIC: &str = TOPIC;

    fn partition_key(&self) -> String {
        self.hold.to_string()
    }

    /// A hold is placed and ends, each once.
    fn sequence(&self) -> Revision {
        Revision::FIRST.next()
    }
}
