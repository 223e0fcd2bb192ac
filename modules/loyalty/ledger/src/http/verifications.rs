//! Verifications: asked for, and looked at until they are done.

use axum::{
    extract::State,
    http::{HeaderName, StatusCode, header},
};
use serde::Serialize;
use socle_kernel::Timestamp;
use socle_web::{Caller, Json, Path, Problem};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Finding, Findings, Ledger, Verification, VerificationId};

pub(super) fn routes() -> OpenApiRouter<Ledger> {
    OpenApiRouter::new().routes(routes!(verify)).routes(routes!(find_verification))
}

/// A verification as it stands.
#[derive(Debug, Serialize, ToSchema)]
struct VerificationView {
    id: VerificationId,
    /// `waiting`, `running`, `done` or `failed`: then ask for another.
    state: &'static str,
    asked_at: Timestamp,
    /// What was found, when it is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<FindingsView>,
}

/// What was recomputed, and what contradicts it.
#[derive(Debug, Serialize, ToSchema)]
struct FindingsView {
    accounts: i64,
    transactions: i64,
    entries: i64,
    /// Whether the entries of each asset sum to zero.
    is_conserved: bool,
    /// The first hundred of each check; none where all is in order.
    differences: Vec<FindingView>,
    /// How many more there are.
    omitted: i64,
}

/// Something is not what it should be.
#[derive(Debug, Serialize, ToSchema)]
struct FindingView {
    check: String,
    /// What it is about: `acc_…`, an entry `acc_…/7`, `txn_…`, `hld_…`, `evt_…`, `ten_…`.
    subject: String,
    /// What was expected, and what was found.
    says: String,
}

/// Has everything recomputed from the entries and compared; look at `Location` for what was found.
#[utoipa::path(
    post, path = "/v1/ledger/verify", security(("key" = ["ledger:admin"])),
    responses((
        status = 202, description = "It will be done.", body = VerificationView,
        headers(("Location" = String, description = "Where to look.")),
    )),
)]
async fn verify(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<VerificationView>), Problem> {
    let asked = ledger.ask_verification(&cx).await?;
    let location = format!("/v1/ledger/verifications/{}", asked.id);
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)], Json(asked.into())))
}

/// One verification.
#[utoipa::path(
    get, path = "/v1/ledger/verifications/{id}", params(("id" = VerificationId, Path)),
    security(("key" = ["ledger:read"])),
    responses((status = 200, description = "The verification.", body = VerificationView)),
)]
async fn find_verification(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Path(id): Path<VerificationId>,
) -> Result<Json<VerificationView>, Problem> {
    Ok(Json(ledger.verification(&cx, id).await?.into()))
}

impl From<Verification> for VerificationView {
    fn from(it: Verification) -> Self {
        let (state, report) = (it.state.as_str(), it.found.map(FindingsView::from));
        Self { id: it.id, state, asked_at: it.asked_at, report }
    }
}

impl From<Findings> for FindingsView {
    fn from(it: Findings) -> Self {
        let Findings { accounts, transactions, entries, is_conserved, differences, omitted } = it;
        let differences = differences.into_iter().map(FindingView::from).collect();
        Self { accounts, transactions, entries, is_conserved, differences, omitted }
    }
}

impl From<Finding> for FindingView {
    fn from(Finding { check, subject, says }: Finding) -> Self {
        Self { check, subject, says }
    }
}
