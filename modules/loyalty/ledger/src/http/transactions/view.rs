//! A transaction as recorded, which nothing changes.

use std::collections::BTreeMap;

use serde::Serialize;
use socle_books::{Posted, PostedLeg, Receipt};
use socle_kernel::{AccountId, Amount, Asset, Doing, HoldId, Timestamp, TransferId};
use socle_web::{Json, Limit, Page, Problem, Replayed};
use utoipa::ToSchema;
use uuid::Uuid;

/// A transaction as recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct TransactionView {
    id: TransferId,
    /// Its place in the journal: 1, 2, 3 … without a gap.
    number: i64,
    /// `earn`, `burn`, `adjust`, `refund`, `reverse`, `expire`, `close`, or your own word.
    kind: String,
    recorded_at: Timestamp,
    effective_at: Timestamp,
    legs: Vec<PostedLegView>,
    /// The transaction that this one undoes.
    #[serde(skip_serializing_if = "Option::is_none")]
    reverses: Option<TransferId>,
    /// The hold that it was captured from.
    #[serde(skip_serializing_if = "Option::is_none")]
    hold: Option<HoldId>,
    actor: ActorView,
    /// The request that it belongs to.
    correlation: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    metadata: BTreeMap<String, String>,
}

/// One account's side of a transaction.
#[derive(Debug, Serialize, ToSchema)]
struct PostedLegView {
    account: AccountId,
    asset: Asset,
    /// The account's own count of entries.
    seq: i64,
    /// Credit is positive, debit negative.
    amount: Amount,
    /// The account's balance after it.
    balance: Amount,
}

/// Who did it.
#[derive(Debug, Serialize, ToSchema)]
struct ActorView {
    /// `person`, `app`, `agent` or `system`.
    kind: String,
    id: String,
}

/// A receipt of something else was answered under the key.
#[derive(Debug, thiserror::Error)]
#[error("the receipt names no transaction")]
struct Nothing;

impl TransactionView {
    /// The one transaction that was asked for.
    pub(in crate::http) fn answer(receipt: Receipt) -> Result<Replayed<Json<Self>>, Problem> {
        let is_replay = receipt.is_replay();
        let posted = receipt.posted.into_iter().next().ok_or(Nothing);
        let posted = posted.doing("answer with the transaction")?;
        Ok(Replayed { is_replay, body: Json(posted.into()) })
    }

    /// A page of the journal, or of some of it.
    pub(in crate::http) fn page(found: Vec<Posted>, limit: Limit) -> Page<Self> {
        Page::of(found, limit, |it| it.number.to_string(), Self::from)
    }
}

impl From<Posted> for TransactionView {
    fn from(it: Posted) -> Self {
        let (kind, id) = it.actor;
        Self {
            id: it.id,
            number: it.number,
            kind: it.kind,
            recorded_at: it.recorded_at,
            effective_at: it.effective_at,
            legs: it.legs.into_iter().map(PostedLegView::from).collect(),
            reverses: it.reverses,
            hold: it.hold,
            actor: ActorView { kind, id },
            correlation: it.correlation,
            reason: it.reason,
            metadata: it.metadata.into_iter().collect(),
        }
    }
}

impl From<PostedLeg> for PostedLegView {
    fn from(it: PostedLeg) -> Self {
        let PostedLeg { account, asset, seq, amount, balance } = it;
        Self { account, asset, seq, amount, balance }
    }
}
