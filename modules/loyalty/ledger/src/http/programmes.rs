//! Programmes: defined once, never changed.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use socle_kernel::{Amount, Cx, Timestamp};
use socle_ledger_contract::ProgrammeId;
use socle_web::{Caller, Json, KeyHeader, Page, Path, Problem, Replayed, RequestKey};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{fields::CurrencyCode, keyed, places::Places};
use crate::{EarnRate, Ledger, NewProgramme, Programme, ProgrammeName, Rounding};

pub(super) fn routes() -> OpenApiRouter<Ledger> {
    OpenApiRouter::new()
        .routes(routes!(list_programmes, define_programme))
        .routes(routes!(find_programme))
}

/// How a programme gives points.
#[derive(Debug, Hash, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({
    "name": "Points", "currency": "USD", "points": 1, "per_units": 1, "rounding": "down",
    "minimum": 0, "life_months": 12, "worth": 1_000,
})))]
struct ProgrammeBody {
    name: ProgrammeName,
    #[schema(value_type = socle_kernel::Currency)]
    currency: CurrencyCode,
    /// So many points …
    #[schema(minimum = 1)]
    points: u32,
    /// … for each so many whole units of the currency.
    #[schema(minimum = 1)]
    per_units: u32,
    #[serde(default)]
    rounding: RoundingName,
    /// Smallest units of the currency; a smaller purchase earns nothing.
    #[serde(default)]
    #[schema(value_type = i64, minimum = 0)]
    minimum: Amount,
    /// How many months points live; for ever without it.
    #[schema(minimum = 1, maximum = 65535)]
    life_months: Option<u16>,
    /// Smallest units of the currency that 1,000 points are worth.
    #[serde(default)]
    #[schema(value_type = i64, minimum = 0)]
    worth: Amount,
}

/// What becomes of a part of a point.
#[derive(Debug, Clone, Copy, Default, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum RoundingName {
    #[default]
    Down,
    HalfUp,
    Up,
}

/// A programme.
#[derive(Debug, Serialize, ToSchema)]
struct ProgrammeView {
    id: ProgrammeId,
    name: ProgrammeName,
    /// What its points are called in the books.
    asset: socle_kernel::Asset,
    #[schema(value_type = socle_kernel::Currency)]
    currency: &'static str,
    points: u32,
    per_units: u32,
    rounding: RoundingName,
    minimum: Amount,
    life_months: Option<u16>,
    worth: Amount,
    created_at: Timestamp,
}

/// Defines a programme.
#[utoipa::path(
    post, path = "/v1/ledger/programmes", params(KeyHeader), security(("key" = ["ledger:admin"])),
    responses((status = 201, description = "The programme.", body = ProgrammeView)),
)]
async fn define_programme(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    key: RequestKey,
    Json(body): Json<ProgrammeBody>,
) -> Result<(StatusCode, Replayed<Json<ProgrammeView>>), Problem> {
    let ledger = ledger.under(keyed(&key, &body));
    let defined = ledger.define_programme(&cx, body.into()).await;
    let programme = defined.map_err(|it| Places::summed_at("/minimum").problem(it))?;
    Ok((StatusCode::CREATED, replayed(&cx, programme)))
}

/// All programmes, oldest first.
#[utoipa::path(
    get, path = "/v1/ledger/programmes", security(("key" = ["ledger:read"])),
    responses((status = 200, description = "The programmes.", body = Page<ProgrammeView>)),
)]
async fn list_programmes(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
) -> Result<Json<Page<ProgrammeView>>, Problem> {
    let items = ledger.programmes(&cx).await?.into_iter().map(ProgrammeView::from).collect();
    Ok(Json(Page { items, next: None }))
}

/// One programme.
#[utoipa::path(
    get, path = "/v1/ledger/programmes/{id}", params(("id" = ProgrammeId, Path)),
    security(("key" = ["ledger:read"])),
    responses((status = 200, description = "The programme.", body = ProgrammeView)),
)]
async fn find_programme(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Path(id): Path<ProgrammeId>,
) -> Result<Json<ProgrammeView>, Problem> {
    Ok(Json(ledger.programme(&cx, id).await?.into()))
}

/// A programme that was not made now was made by the request which this one repeats.
fn replayed(cx: &Cx, programme: Programme) -> Replayed<Json<ProgrammeView>> {
    Replayed { is_replay: programme.created_at != cx.now, body: Json(programme.into()) }
}

impl From<ProgrammeBody> for NewProgramme {
    fn from(it: ProgrammeBody) -> Self {
        Self {
            name: it.name,
            currency: it.currency.0,
            rate: EarnRate { points: it.points, per_units: it.per_units },
            rounding: it.rounding.into(),
            minimum: it.minimum,
            life_months: it.life_months,
            worth: it.worth,
        }
    }
}

impl From<Programme> for ProgrammeView {
    fn from(it: Programme) -> Self {
        let (asset, rules) = (it.asset(), it.rules);
        Self {
            id: it.id,
            name: rules.name,
            asset,
            currency: rules.currency.code(),
            points: rules.rate.points,
            per_units: rules.rate.per_units,
            rounding: rules.rounding.into(),
            minimum: rules.minimum,
            life_months: rules.life_months,
            worth: rules.worth,
            created_at: it.created_at,
        }
    }
}

impl From<RoundingName> for Rounding {
    fn from(it: RoundingName) -> Self {
        match it {
            RoundingName::Down => Self::Down,
            RoundingName::HalfUp => Self::HalfUp,
            RoundingName::Up => Self::Up,
        }
    }
}

impl From<Rounding> for RoundingName {
    fn from(it: Rounding) -> Self {
        match it {
            Rounding::Down => Self::Down,
            Rounding::HalfUp => Self::HalfUp,
            Rounding::Up => Self::Up,
        }
    }
}
