//! Purchases: what they earn, and what is given back.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use socle_books::Receipt;
use socle_kernel::{Amount, Common, Cx, Money, Timestamp, TransferId};
use socle_ledger_contract::{Customer, ProgrammeId, PurchaseId};
use socle_web::{Caller, Json, KeyHeader, Path, Problem, Replayed, RequestKey, Seen, Tagged};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    customers::chosen,
    fields::{CurrencyCode, Moment, Reason, Reference, memo},
    keyed,
    metadata::Metadata,
    places::Places,
    transactions::TransactionView,
};
use crate::{Error, Ledger, NewPurchase, Purchase, Refund};

pub(super) fn routes() -> OpenApiRouter<Ledger> {
    OpenApiRouter::new()
        .routes(routes!(earn))
        .routes(routes!(refund))
        .routes(routes!(find_purchase))
}

/// Something that a customer bought.
#[derive(Debug, Hash, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({
    "customer": "demo-alice", "purchase": "order-1001", "amount": 2_933, "currency": "USD",
    "effective_at": "2025-06-15T10:30:00Z", "reason": "a pair of shoes",
    "metadata": { "till": "7" },
})))]
struct EarnBody {
    /// May be left out by a merchant of one programme.
    programme: Option<ProgrammeId>,
    customer: Customer,
    /// What you call the purchase: told again, it earns nothing again.
    purchase: Reference,
    /// In smallest units of the currency.
    #[schema(value_type = i64, minimum = 0)]
    amount: Amount,
    #[schema(value_type = socle_kernel::Currency)]
    currency: CurrencyCode,
    /// When it was made; now, without it.
    #[schema(value_type = Option<Timestamp>)]
    effective_at: Option<Moment>,
    reason: Option<Reason>,
    #[serde(default)]
    metadata: Metadata,
}

/// Money given back for a purchase.
#[derive(Debug, Hash, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({
    "purchase": "order-1001", "amount": 1_000, "currency": "USD", "reason": "one shoe came back",
    "metadata": { "till": "7" },
})))]
struct RefundBody {
    /// Of your reference; may be left out by a merchant of one programme.
    programme: Option<ProgrammeId>,
    /// What you call the purchase, or its identifier `pur_…`.
    purchase: Reference,
    /// In smallest units of the currency.
    #[schema(value_type = i64, minimum = 1)]
    amount: Amount,
    #[schema(value_type = socle_kernel::Currency)]
    currency: CurrencyCode,
    reason: Option<Reason>,
    #[serde(default)]
    metadata: Metadata,
}

/// What was done about a purchase.
#[derive(Debug, Serialize, ToSchema)]
struct PurchaseDone {
    purchase: PurchaseId,
    /// Absent when no points moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction: Option<TransactionView>,
}

/// A purchase as it stands.
#[derive(Debug, Serialize, ToSchema)]
struct PurchaseView {
    id: PurchaseId,
    programme: ProgrammeId,
    customer: Customer,
    /// What gave its points; null when it earned none.
    transaction: Option<TransferId>,
    effective_at: Timestamp,
    /// In smallest units of the programme's currency.
    amount: Amount,
    points: Amount,
    refunded: Amount,
    refunded_points: Amount,
}

/// Gives the points that a purchase earns.
#[utoipa::path(
    post, path = "/v1/ledger/earn", params(KeyHeader), security(("key" = ["ledger:write"])),
    responses((status = 200, description = "What was given.", body = PurchaseDone)),
)]
async fn earn(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    key: RequestKey,
    Json(body): Json<EarnBody>,
) -> Result<Replayed<Json<PurchaseDone>>, Problem> {
    let ledger = ledger.under(keyed(&key, &body));
    let programme = chosen(&ledger, &cx, body.programme, "/programme").await?;
    let new = body.purchase_of(&cx, programme.id);
    let purchase = new.id;
    let receipt = ledger.earn(&cx, &programme, new).await.map_err(at_customer)?;
    Ok(PurchaseDone::of(purchase, receipt))
}

/// Gives money back for a purchase, and takes back the points that the rest would not have earned.
#[utoipa::path(
    post, path = "/v1/ledger/refund", params(KeyHeader), security(("key" = ["ledger:write"])),
    responses((status = 200, description = "What was taken back.", body = PurchaseDone)),
)]
async fn refund(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    key: RequestKey,
    Json(body): Json<RefundBody>,
) -> Result<Replayed<Json<PurchaseDone>>, Problem> {
    let key = keyed(&key, &body);
    let purchase = body.purchase_of(&ledger, &cx).await?;
    let receipt = ledger.under(key).refund(&cx, body.refund(key.id_of(), purchase)).await;
    Ok(PurchaseDone::of(purchase, receipt.map_err(at_purchase)?))
}

/// One purchase.
#[utoipa::path(
    get, path = "/v1/ledger/purchases/{id}", params(("id" = PurchaseId, Path)),
    security(("key" = ["ledger:read"])),
    responses((status = 200, description = "The purchase.", body = PurchaseView)),
)]
async fn find_purchase(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Path(id): Path<PurchaseId>,
    seen: Seen,
) -> Result<Tagged<PurchaseView>, Problem> {
    Ok(Tagged { seen, body: ledger.purchase(&cx, id).await?.into() })
}

/// The purchase that a merchant calls so.
fn named(cx: &Cx, programme: ProgrammeId, reference: &Reference) -> PurchaseId {
    let (tenant, programme) = (cx.tenant.to_string(), programme.to_string());
    PurchaseId::of_words(&["purchase", &tenant, &programme, reference.as_ref()])
}

fn at_amount(error: Error) -> Problem {
    Places::summed_at("/amount").problem(error)
}

fn at_customer(error: Error) -> Problem {
    Places::summed_at("/amount").owned_at("/customer").problem(error)
}

/// What is not found by a refund is its purchase.
fn at_purchase(error: Error) -> Problem {
    let says = error.to_string();
    match &error {
        Error::Common(Common::NotFound(_)) => Problem::from(error).at("/purchase", says),
        _ => at_amount(error),
    }
}

impl EarnBody {
    fn purchase_of(self, cx: &Cx, programme: ProgrammeId) -> NewPurchase {
        NewPurchase {
            id: named(cx, programme, &self.purchase),
            customer: self.customer,
            effective_at: self.effective_at.map_or(cx.now, |it| it.0),
            amount: Money { amount: self.amount, currency: self.currency.0 },
            memo: memo(self.reason, self.metadata),
        }
    }
}

impl RefundBody {
    /// What reads as an identifier is one.
    async fn purchase_of(&self, ledger: &Ledger, cx: &Cx) -> Result<PurchaseId, Problem> {
        if let Ok(id) = self.purchase.as_ref().parse() {
            return Ok(id);
        }
        let programme = chosen(ledger, cx, self.programme, "/programme").await?;
        Ok(named(cx, programme.id, &self.purchase))
    }

    fn refund(self, id: TransferId, purchase: PurchaseId) -> Refund {
        let amount = Money { amount: self.amount, currency: self.currency.0 };
        Refund { id, purchase, amount, memo: memo(self.reason, self.metadata) }
    }
}

impl PurchaseDone {
    fn of(purchase: PurchaseId, receipt: Receipt) -> Replayed<Json<Self>> {
        let is_replay = receipt.is_replay();
        let transaction = receipt.posted.into_iter().next().map(TransactionView::from);
        Replayed { is_replay, body: Json(Self { purchase, transaction }) }
    }
}

impl From<Purchase> for PurchaseView {
    fn from(it: Purchase) -> Self {
        Self {
            id: it.id,
            programme: it.programme_id,
            customer: it.customer,
            transaction: it.transaction_id,
            effective_at: it.effective_at,
            amount: it.amount,
            points: it.points,
            refunded: it.refunded,
            refunded_points: it.refunded_points,
        }
    }
}
