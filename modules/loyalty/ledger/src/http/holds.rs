//! Holds: amounts set aside for a transaction that may follow.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use socle_books::{Capture, Hold, HoldState, NewHold};
use socle_kernel::{AccountId, Amount, HoldId, Timestamp, TransferId};
use socle_web::{Caller, Json, KeyHeader, Path, Problem, Replayed, RequestKey, Seen, Tagged};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    fields::{KindOf, Moment, Reason, memo},
    keyed,
    metadata::Metadata,
    places::Places,
    transactions::TransactionView,
};
use crate::Ledger;

pub(super) fn routes() -> OpenApiRouter<Ledger> {
    OpenApiRouter::new()
        .routes(routes!(hold))
        .routes(routes!(find_hold))
        .routes(routes!(capture))
        .routes(routes!(void))
}

/// An amount to be set aside.
#[derive(Debug, Clone, Hash, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({
    "kind": "burn",
    "account": "acc_01980000000070008000000000000001",
    "counter": "acc_01980000000070008000000000000002",
    "amount": 20,
    "expires_at": "2100-01-01T00:00:00Z",
})))]
struct HoldBody {
    /// What its transactions will be called: `burn`, or your own word.
    kind: KindOf,
    /// Is debited when it is captured.
    account: AccountId,
    /// Is credited when it is captured.
    counter: AccountId,
    #[schema(value_type = i64, minimum = 1)]
    amount: Amount,
    /// From this moment on it counts no more.
    #[schema(value_type = Timestamp)]
    expires_at: Moment,
}

/// What of a hold is to be posted.
#[derive(Debug, Hash, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({ "amount": 20, "reason": "a coffee", "metadata": { "till": "7" } })))]
struct CaptureBody {
    /// All that is left, without it.
    #[schema(value_type = Option<i64>, minimum = 1)]
    amount: Option<Amount>,
    reason: Option<Reason>,
    #[serde(default)]
    metadata: Metadata,
}

/// A hold as it was placed.
#[derive(Debug, Serialize, ToSchema)]
struct HoldPlaced {
    id: HoldId,
    #[schema(value_type = String)]
    kind: KindOf,
    account: AccountId,
    counter: AccountId,
    amount: Amount,
    expires_at: Timestamp,
}

/// A hold that was let go of.
#[derive(Debug, Serialize, ToSchema)]
struct HoldVoided {
    id: HoldId,
}

/// A hold as it stands.
#[derive(Debug, Serialize, ToSchema)]
struct HoldView {
    id: HoldId,
    kind: String,
    account: AccountId,
    counter: AccountId,
    amount: Amount,
    captured: Amount,
    /// What can still be captured.
    left: Amount,
    /// `open`, `captured`, `voided` or `expired`.
    state: &'static str,
    recorded_at: Timestamp,
    expires_at: Timestamp,
}

/// Sets an amount aside until it is captured, voided or its time is over.
#[utoipa::path(
    post, path = "/v1/ledger/holds", params(KeyHeader), security(("key" = ["ledger:write"])),
    responses((status = 201, description = "The hold, as placed.", body = HoldPlaced)),
)]
async fn hold(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    key: RequestKey,
    Json(body): Json<HoldBody>,
) -> Result<(StatusCode, Replayed<Json<HoldPlaced>>), Problem> {
    let (key, places) = (keyed(&key, &body), body.places());
    let receipt = ledger.under(key).hold(&cx, body.clone().hold(key.id_of())).await;
    let is_replay = receipt.map_err(|it| places.problem(it))?.is_replay();
    Ok((StatusCode::CREATED, Replayed { is_replay, body: Json(body.placed(key.id_of())) }))
}

/// One hold.
#[utoipa::path(
    get, path = "/v1/ledger/holds/{id}", params(("id" = HoldId, Path)),
    security(("key" = ["ledger:read"])),
    responses((status = 200, description = "The hold.", body = HoldView)),
)]
async fn find_hold(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Path(id): Path<HoldId>,
    seen: Seen,
) -> Result<Tagged<HoldView>, Problem> {
    Ok(Tagged { seen, body: HoldView::at(ledger.find_hold(&cx, id).await?, cx.now) })
}

/// Posts a part of a hold, or all that is left of it.
#[utoipa::path(
    post, path = "/v1/ledger/holds/{id}/capture", params(("id" = HoldId, Path), KeyHeader),
    security(("key" = ["ledger:write"])),
    responses((status = 200, description = "What was posted.", body = TransactionView)),
)]
async fn capture(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Path(hold): Path<HoldId>,
    key: RequestKey,
    Json(body): Json<CaptureBody>,
) -> Result<Replayed<Json<TransactionView>>, Problem> {
    let key = keyed(&key, &(hold, &body));
    let captured = ledger.under(key).capture(&cx, body.capture(hold, key.id_of())).await;
    TransactionView::answer(captured.map_err(|it| Places::summed_at("/amount").problem(it))?)
}

/// Lets go of a hold.
#[utoipa::path(
    post, path = "/v1/ledger/holds/{id}/void", params(("id" = HoldId, Path), KeyHeader),
    security(("key" = ["ledger:write"])),
    responses((status = 200, description = "The hold counts no more.", body = HoldVoided)),
)]
async fn void(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Path(id): Path<HoldId>,
    key: RequestKey,
) -> Result<Replayed<Json<HoldVoided>>, Problem> {
    let receipt = ledger.under(keyed(&key, &id)).void(&cx, id).await?;
    Ok(Replayed { is_replay: receipt.is_replay(), body: Json(HoldVoided { id }) })
}

impl HoldBody {
    fn hold(self, id: HoldId) -> NewHold {
        let (kind, expires_at) = (self.kind.to_string(), self.expires_at.0);
        let Self { account, counter, amount, .. } = self;
        NewHold { id, kind, account, counter, amount, expires_at }
    }

    fn placed(self, id: HoldId) -> HoldPlaced {
        let Self { kind, account, counter, amount, expires_at } = self;
        HoldPlaced { id, kind, account, counter, amount, expires_at: expires_at.0 }
    }

    fn places(&self) -> Places {
        let named = [(self.account, "/account".to_owned()), (self.counter, "/counter".to_owned())];
        Places::summed_at("/amount").naming(named.into())
    }
}

impl CaptureBody {
    fn capture(self, hold: HoldId, id: TransferId) -> Capture {
        Capture { id, hold, amount: self.amount, memo: memo(self.reason, self.metadata) }
    }
}

impl HoldView {
    /// The clock ends a hold, whether or not anything recorded that.
    fn at(it: Hold, now: Timestamp) -> Self {
        let state = it.state_at(now);
        let left = if state == HoldState::Open { it.left() } else { Amount::ZERO };
        let Hold { id, kind, account, counter, amount, captured, .. } = it;
        let (recorded_at, expires_at, state) = (it.recorded_at, it.expires_at, state.as_str());
        Self { id, kind, account, counter, amount, captured, left, state, recorded_at, expires_at }
    }
}
