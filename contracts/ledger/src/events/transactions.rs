//! Transactions: what moved.

use serde::{Deserialize, Serialize};
use socle_kernel::{AccountId, Amount, Asset, Event, HoldId, Revision, Timestamp, TransferId};
use utoipa::ToSchema;

/// A transaction has been posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TransactionPosted {
    pub transaction: TransferId,
    /// `earn`, `burn`, `adjust`, `expire`, `refund`, `reverse`, or the caller's own word.
    pub kind: String,
    pub recorded_at: Timestamp,
    pub effective_at: Timestamp,
    /// In the order of posting; the first is the account whose transaction it is.
    pub legs: Vec<PostedLeg>,
    /// The transaction that this one undoes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverses: Option<TransferId>,
    /// The hold of which it is a capture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldId>,
}

/// One account's side of a transaction; amounts are signed, credit positive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PostedLeg {
    pub account: AccountId,
    pub asset: Asset,
    pub seq: Revision,
    pub amount: Amount,
    /// The account's balance after it.
    pub balance: Amount,
}

impl Event for TransactionPosted {
    const TYPE: &str = "ledger.transaction.posted";
    const TOPIC: &str = "ledger.transactions.v1";

    /// The account whose transaction it is.
    ///
    /// # Panics
    ///
    /// Never: a transaction has legs.
    fn partition_key(&self) -> String {
        self.legs.first().expect("a transaction has legs").account.to_string()
    }

    /// That account's own count of entries.
    ///
    /// # Panics
    ///
    /// Never: a transaction has legs.
    fn sequence(&self) -> Revision {
        self.legs.first().expect("a transaction has legs").seq
    }
}
