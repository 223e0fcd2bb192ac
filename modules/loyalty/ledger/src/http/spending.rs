//! Points spent, looked at before, and moved by hand.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use socle_books::LotUse;
use socle_kernel::{Amount, Timestamp, TransferId};
use socle_ledger_contract::{Customer, ProgrammeId};
use socle_web::{Caller, Json, KeyHeader, Problem, Replayed, RequestKey};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    customers::chosen,
    fields::{Moment, Reason, memo},
    keyed,
    metadata::Metadata,
    places::Places,
    transactions::TransactionView,
};
use crate::{Adjustment, Error, Ledger, Spending};

pub(super) fn routes() -> OpenApiRouter<Ledger> {
    OpenApiRouter::new().routes(routes!(burn)).routes(routes!(preview_burn)).routes(routes!(adjust))
}

/// Points to be spent.
#[derive(Debug, Hash, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({
    "customer": "demo-alice", "points": 20, "reason": "a coffee", "metadata": { "till": "7" },
})))]
struct BurnBody {
    /// May be left out by a merchant of one programme.
    programme: Option<ProgrammeId>,
    customer: Customer,
    #[schema(value_type = i64, minimum = 1)]
    points: Amount,
    /// When they count as spent; now, without it. What had expired by then cannot be spent.
    #[schema(value_type = Option<Timestamp>)]
    effective_at: Option<Moment>,
    reason: Option<Reason>,
    #[serde(default)]
    metadata: Metadata,
}

/// Points given (positive) or taken (negative) by hand.
#[derive(Debug, Hash, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({ "customer": "demo-alice", "points": 50, "reason": "goodwill" })))]
struct AdjustBody {
    /// May be left out by a merchant of one programme.
    programme: Option<ProgrammeId>,
    customer: Customer,
    /// Not zero.
    points: Amount,
    reason: Reason,
}

/// What spending would take.
#[derive(Debug, Serialize, ToSchema)]
struct BurnPreview {
    points: Amount,
    /// The next to go first.
    lots: Vec<LotUseView>,
}

/// What is taken from one lot.
#[derive(Debug, Serialize, ToSchema)]
struct LotUseView {
    seq: i64,
    /// What brought the lot.
    transaction: TransferId,
    points: Amount,
    /// When what is left of it is worth nothing; null is never.
    expires_at: Option<Timestamp>,
}

/// Spends points, those that expire first before others.
#[utoipa::path(
    post, path = "/v1/ledger/burn", params(KeyHeader), security(("key" = ["ledger:write"])),
    responses((status = 200, description = "What was spent.", body = TransactionView)),
)]
async fn burn(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    key: RequestKey,
    Json(body): Json<BurnBody>,
) -> Result<Replayed<Json<TransactionView>>, Problem> {
    let key = keyed(&key, &body);
    let programme = chosen(&ledger, &cx, body.programme, "/programme").await?;
    let receipt = ledger.under(key).burn(&cx, &programme, body.spending(key.id_of())).await;
    TransactionView::answer(receipt.map_err(at_points)?)
}

/// What spending would take now; nothing is spent.
#[utoipa::path(
    post, path = "/v1/ledger/burn:preview", security(("key" = ["ledger:read"])),
    responses((status = 200, description = "What would be spent.", body = BurnPreview)),
)]
async fn preview_burn(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Json(body): Json<BurnBody>,
) -> Result<Json<BurnPreview>, Problem> {
    let programme = chosen(&ledger, &cx, body.programme, "/programme").await?;
    let (points, spending) = (body.points, body.spending(cx.new_id()));
    let seen = ledger.preview_burn(&cx, &programme, spending).await.map_err(at_points)?;
    let lots = seen.lots.into_iter().map(LotUseView::from).collect();
    Ok(Json(BurnPreview { points, lots }))
}

/// Gives or takes points by hand.
#[utoipa::path(
    post, path = "/v1/ledger/adjust", params(KeyHeader), security(("key" = ["ledger:admin"])),
    responses((status = 200, description = "What was moved.", body = TransactionView)),
)]
async fn adjust(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    key: RequestKey,
    Json(body): Json<AdjustBody>,
) -> Result<Replayed<Json<TransactionView>>, Problem> {
    let key = keyed(&key, &body);
    let programme = chosen(&ledger, &cx, body.programme, "/programme").await?;
    let receipt = ledger.under(key).adjust(&cx, &programme, body.adjustment(key.id_of())).await;
    TransactionView::answer(receipt.map_err(at_points)?)
}

fn at_points(error: Error) -> Problem {
    Places::summed_at("/points").owned_at("/customer").problem(error)
}

impl BurnBody {
    fn spending(self, id: TransferId) -> Spending {
        let Self { customer, points, .. } = self;
        let effective_at = self.effective_at.map(|it| it.0);
        Spending { id, customer, points, effective_at, memo: memo(self.reason, self.metadata) }
    }
}

impl AdjustBody {
    fn adjustment(self, id: TransferId) -> Adjustment {
        let Self { customer, points, reason, .. } = self;
        Adjustment { id, customer, points, reason: reason.to_string() }
    }
}

impl From<LotUse> for LotUseView {
    fn from(it: LotUse) -> Self {
        let LotUse { seq, transfer: transaction, amount, expires_at, .. } = it;
        Self { seq, transaction, points: -amount, expires_at }
    }
}
