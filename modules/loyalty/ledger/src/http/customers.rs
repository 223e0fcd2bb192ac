//! What a customer has.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use socle_books::read::OpenLot;
use socle_kernel::{Amount, Cx, Timestamp, TransferId};
use socle_ledger_contract::{Customer, ProgrammeId};
use socle_web::{Caller, Json, Page, Problem, Query};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::fields::{At, moment};
use crate::{Ledger, Programme};

pub(super) fn routes() -> OpenApiRouter<Ledger> {
    OpenApiRouter::new().routes(routes!(balance)).routes(routes!(lots))
}

/// Whose points, and when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct CustomerQuery {
    /// What you call the customer.
    #[param(value_type = Customer, example = "demo-alice")]
    customer: Customer,
    /// May be left out by a merchant of one programme.
    #[param(value_type = Option<ProgrammeId>)]
    programme: Option<ProgrammeId>,
    /// A moment, or a day, which means its end; now, without it.
    #[param(value_type = Option<String>, example = "2025-06-30")]
    at: Option<At>,
}

/// What a customer has, or had at a moment.
#[derive(Debug, Serialize, ToSchema)]
struct BalanceView {
    programme: ProgrammeId,
    customer: Customer,
    at: Timestamp,
    /// All points that came in, less what was reversed or refunded.
    earned: Amount,
    spent: Amount,
    expired: Amount,
    /// Set aside by holds.
    held: Amount,
    /// What there is to spend: earned − spent − expired − held.
    available: Amount,
}

/// Points that can still be spent, and until when.
#[derive(Debug, Serialize, ToSchema)]
struct LotView {
    seq: i64,
    /// What brought them.
    transaction: TransferId,
    /// What is neither spent nor set aside.
    free: Amount,
    effective_at: Timestamp,
    /// The first moment at which they are worth nothing; null is for ever.
    expires_at: Option<Timestamp>,
}

/// What a customer has, or had at a moment; what has expired by then is gone.
#[utoipa::path(
    get, path = "/v1/ledger/balance", params(CustomerQuery), security(("key" = ["ledger:read"])),
    responses((status = 200, description = "The balance.", body = BalanceView)),
)]
async fn balance(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Query(of): Query<CustomerQuery>,
) -> Result<Json<BalanceView>, Problem> {
    let programme = chosen(&ledger, &cx, of.programme, "programme").await?;
    let (customer, at) = (of.customer, moment(of.at, &cx));
    let it = ledger.balance(&cx, &programme, &customer, at).await?;
    let (earned, spent, expired) = (it.earned, it.spent, it.expired);
    let (programme, held, available) = (programme.id, it.held, it.available);
    Ok(Json(BalanceView { programme, customer, at, earned, spent, expired, held, available }))
}

/// The points that a customer can spend at a moment, the next to go first; at most 500 lots.
#[utoipa::path(
    get, path = "/v1/ledger/lots", params(CustomerQuery), security(("key" = ["ledger:read"])),
    responses((status = 200, description = "The lots.", body = Page<LotView>)),
)]
async fn lots(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Query(of): Query<CustomerQuery>,
) -> Result<Json<Page<LotView>>, Problem> {
    let programme = chosen(&ledger, &cx, of.programme, "programme").await?;
    let open = ledger.open_lots(&cx, &programme, &of.customer, moment(of.at, &cx)).await?;
    Ok(Json(Page { items: open.into_iter().map(LotView::from).collect(), next: None }))
}

/// The programme that is spoken of at `place`.
pub(super) async fn chosen(
    ledger: &Ledger,
    cx: &Cx,
    named: Option<ProgrammeId>,
    place: &str,
) -> Result<Programme, Problem> {
    ledger.spoken_of(cx, named).await.map_err(|error| {
        let says = error.to_string();
        Problem::from(error).at(place, says)
    })
}

impl From<OpenLot> for LotView {
    fn from(it: OpenLot) -> Self {
        let OpenLot { seq, transfer_id: transaction, free, effective_at, expires_at } = it;
        Self { seq, transaction, free, effective_at, expires_at }
    }
}
