//! What a merchant reports: who is owed what, what expires, and that everything adds up.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use socle_books::read::{Expiring, Total};
use socle_kernel::{Amount, Asset, Day};
use socle_ledger_contract::ProgrammeId;
use socle_web::{Caller, Json, Problem, Query};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{customers::chosen, fields::Date};
use crate::{Error, Ledger, LiabilityDay};

pub(super) fn routes() -> OpenApiRouter<Ledger> {
    OpenApiRouter::new()
        .routes(routes!(trial_balance))
        .routes(routes!(liability))
        .routes(routes!(expiring))
}

/// The most days of a report: a leap year.
const DAYS_MAX: u16 = 366;

/// On which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct OnQuery {
    /// At the end of this day; today, without it.
    #[param(value_type = Option<Day>, example = "2025-06-30")]
    on: Option<Date>,
}

/// Whose days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DaysQuery {
    /// May be left out by a merchant of one programme.
    #[param(value_type = Option<ProgrammeId>)]
    programme: Option<ProgrammeId>,
    /// The first day.
    #[param(value_type = Day, example = "2025-06-01")]
    from: Date,
    /// The last day, at most 366 of them.
    #[param(value_type = Day, example = "2025-06-30")]
    to: Date,
}

/// How far ahead.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AheadQuery {
    /// May be left out by a merchant of one programme.
    #[param(value_type = Option<ProgrammeId>)]
    programme: Option<ProgrammeId>,
    /// How many days ahead.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 366, default = 30)]
    days: Option<Ahead>,
}

/// 1 to 366 days.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "u16")]
struct Ahead(u16);

/// All accounts at the end of a day: the balances of each asset sum to zero.
#[derive(Debug, Serialize, ToSchema)]
struct TrialBalanceView {
    on: Day,
    items: Vec<TotalView>,
}

/// All accounts of one purpose and asset.
#[derive(Debug, Serialize, ToSchema)]
struct TotalView {
    asset: Asset,
    purpose: String,
    /// `credit` or `debit`: the side on which these accounts grow.
    side: &'static str,
    accounts: i64,
    /// Credit positive, whatever the side.
    balance: Amount,
}

/// What a programme owed, day by day.
#[derive(Debug, Serialize, ToSchema)]
struct LiabilityView {
    programme: ProgrammeId,
    #[schema(value_type = socle_kernel::Currency)]
    currency: &'static str,
    items: Vec<LiabilityDayView>,
}

/// What a day brought, and what was owed at its end.
#[derive(Debug, Serialize, ToSchema)]
struct LiabilityDayView {
    day: Day,
    earned: Amount,
    spent: Amount,
    expired: Amount,
    /// Points owed at its end.
    points: Amount,
    /// Their value, in smallest units of the currency.
    value: Amount,
}

/// What expires in the days ahead.
#[derive(Debug, Serialize, ToSchema)]
struct ExpiringView {
    programme: ProgrammeId,
    items: Vec<ExpiringDayView>,
}

/// What expires on a day.
#[derive(Debug, Serialize, ToSchema)]
struct ExpiringDayView {
    day: Day,
    accounts: i64,
    points: Amount,
}

/// The trial balance at the end of a day.
#[utoipa::path(
    get, path = "/v1/ledger/trial-balance", params(OnQuery), security(("key" = ["ledger:read"])),
    responses((status = 200, description = "The trial balance.", body = TrialBalanceView)),
)]
async fn trial_balance(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Query(of): Query<OnQuery>,
) -> Result<Json<TrialBalanceView>, Problem> {
    let on = of.on.map_or(cx.now.day(), |it| it.0);
    let items = ledger.trial_balance(&cx, on).await?.into_iter().map(TotalView::from).collect();
    Ok(Json(TrialBalanceView { on, items }))
}

/// What a programme owed at the end of each day, and what the day brought.
#[utoipa::path(
    get, path = "/v1/ledger/liability", params(DaysQuery), security(("key" = ["ledger:read"])),
    responses((status = 200, description = "The days.", body = LiabilityView)),
)]
async fn liability(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Query(of): Query<DaysQuery>,
) -> Result<Json<LiabilityView>, Problem> {
    let (from, until) = of.days()?;
    let programme = chosen(&ledger, &cx, of.programme, "programme").await?;
    let days = ledger.liability(&cx, &programme, from, until).await?;
    let items = days.into_iter().map(LiabilityDayView::from).collect();
    let currency = programme.rules.currency.code();
    Ok(Json(LiabilityView { programme: programme.id, currency, items }))
}

/// What expires in the days ahead, by day.
#[utoipa::path(
    get, path = "/v1/ledger/expiring", params(AheadQuery), security(("key" = ["ledger:read"])),
    responses((status = 200, description = "The days.", body = ExpiringView)),
)]
async fn expiring(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Query(of): Query<AheadQuery>,
) -> Result<Json<ExpiringView>, Problem> {
    let programme = chosen(&ledger, &cx, of.programme, "programme").await?;
    let days = ledger.expiring(&cx, &programme, of.days.unwrap_or_default().0).await?;
    let items = days.into_iter().map(ExpiringDayView::from).collect();
    Ok(Json(ExpiringView { programme: programme.id, items }))
}

impl DaysQuery {
    fn days(&self) -> Result<(Day, Day), Problem> {
        let (from, to) = (self.from.0, self.to.0);
        let wrong = match () {
            () if to < from => Error::SpanBackwards,
            () if from.plus_days(DAYS_MAX.into()) <= to => {
                Error::SpanTooLong { days_max: DAYS_MAX }
            }
            () => return Ok((from, to)),
        };
        let says = wrong.to_string();
        Err(Problem::from(wrong).at("to", says))
    }
}

impl Default for Ahead {
    fn default() -> Self {
        Self(30)
    }
}

impl TryFrom<u16> for Ahead {
    type Error = String;

    fn try_from(days: u16) -> Result<Self, String> {
        let fits = (1..=DAYS_MAX).contains(&days);
        fits.then_some(Self(days)).ok_or_else(|| format!("1 to {DAYS_MAX} days"))
    }
}

impl From<Total> for TotalView {
    fn from(it: Total) -> Self {
        let side = if it.side < 0 { "debit" } else { "credit" };
        let Total { asset, purpose, accounts, balance, .. } = it;
        Self { asset, purpose, side, accounts, balance }
    }
}

impl From<LiabilityDay> for LiabilityDayView {
    fn from(it: LiabilityDay) -> Self {
        let LiabilityDay { day, earned, spent, expired, points, value } = it;
        Self { day, earned, spent, expired, points, value }
    }
}

impl From<Expiring> for ExpiringDayView {
    fn from(it: Expiring) -> Self {
        Self { day: it.day, accounts: it.accounts, points: it.amount }
    }
}
