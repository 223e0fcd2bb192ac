//! Accounts of any kind.

use axum::extract::State;
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use socle_books::{Account, Bounds, Owner, Purpose, Side, read::Filter};
use socle_kernel::{AccountId, Amount, Asset, Timestamp};
use socle_web::{
    Caller, Json, KeyHeader, Limit, Page, Path, Problem, Query, Replayed, RequestKey, Seen, Tagged,
};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{keyed, places::Places};
use crate::{Ledger, Opening};

pub(super) fn routes() -> OpenApiRouter<Ledger> {
    OpenApiRouter::new()
        .routes(routes!(list_accounts, open_account))
        .routes(routes!(find_account))
        .routes(routes!(close_account))
}

/// An account that you keep for yourself; the same words are the same account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({
    "owner": "till:7", "purpose": "cash", "asset": "USD", "side": "debit", "floor": 0,
})))]
struct AccountBody {
    /// Neither `customer:…` nor `programme:…`, whose accounts the ledger opens.
    owner: Owner,
    /// What the owner keeps in it.
    purpose: Purpose,
    /// What is counted: `USD`, or a programme's points.
    asset: Asset,
    side: SideName,
    /// The balance never falls below it, as its side counts; without it, it may.
    #[serde(default, deserialize_with = "floor")]
    #[schema(value_type = Option<i64>, minimum = -9_223_372_036_854_775_807_i64, maximum = 0)]
    floor: Option<Amount>,
    /// The balance never rises above it, as its side counts; without it, it may.
    #[serde(default, deserialize_with = "ceiling")]
    #[schema(value_type = Option<i64>, minimum = 0)]
    ceiling: Option<Amount>,
    /// Makes it an account of lots: where value goes when its lot expires.
    expires_to: Option<AccountId>,
}

/// An account begins empty, so its bounds admit that.
fn floor<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Amount>, D::Error> {
    let floor = Option::<Amount>::deserialize(from)?;
    let admits_empty = floor.is_none_or(|it| it <= Amount::ZERO);
    admits_empty.then_some(floor).ok_or_else(|| D::Error::custom("a floor is 0 or below"))
}

fn ceiling<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Amount>, D::Error> {
    let ceiling = Option::<Amount>::deserialize(from)?;
    let admits_empty = ceiling.is_none_or(|it| Amount::ZERO <= it);
    admits_empty.then_some(ceiling).ok_or_else(|| D::Error::custom("a ceiling is 0 or above"))
}

/// The side on which an account grows: what is owed and earned is credit, what is owned and spent
/// is debit.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SideName {
    Credit,
    Debit,
}

/// What never changes about an account.
#[derive(Debug, Serialize, ToSchema)]
struct AccountOpened {
    id: AccountId,
    owner: Owner,
    purpose: Purpose,
    asset: Asset,
    side: SideName,
    floor: Option<Amount>,
    ceiling: Option<Amount>,
    expires_to: Option<AccountId>,
}

/// An account as it stands.
#[derive(Debug, Serialize, ToSchema)]
struct AccountView {
    #[serde(flatten)]
    opened: AccountOpened,
    is_closed: bool,
    /// The sum of its entries: credit positive, whatever its side.
    balance: Amount,
    /// What open holds would still take.
    pending_debit: Amount,
    /// What open holds would still bring.
    pending_credit: Amount,
    /// How many entries it has.
    entries: i64,
    /// When the last entry was recorded.
    recorded_at: Timestamp,
}

/// An account that was closed.
#[derive(Debug, Serialize, ToSchema)]
struct AccountClosed {
    id: AccountId,
}

/// Whose accounts, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AccountsQuery {
    /// Anybody's, without it.
    #[param(inline)]
    owner: Option<Owner>,
    /// `next` of the page before.
    #[param(inline)]
    after: Option<AccountId>,
    /// At most so many rows.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200, default = 50)]
    limit: Option<Limit>,
}

/// Opens an account; opening it again changes nothing.
#[utoipa::path(
    post, path = "/v1/ledger/accounts", security(("key" = ["ledger:admin"])),
    responses((status = 200, description = "The account.", body = AccountOpened)),
)]
async fn open_account(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Json(body): Json<AccountBody>,
) -> Result<Json<AccountOpened>, Problem> {
    let places = body.places();
    let opened = ledger.open_account(&cx, body.into()).await;
    Ok(Json(opened.map_err(|it| places.problem(it))?.into()))
}

/// A page of accounts, in the order of their identifiers.
#[utoipa::path(
    get, path = "/v1/ledger/accounts", params(AccountsQuery), security(("key" = ["ledger:read"])),
    responses((status = 200, description = "A page of accounts.", body = Page<AccountView>)),
)]
async fn list_accounts(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Query(of): Query<AccountsQuery>,
) -> Result<Json<Page<AccountView>>, Problem> {
    let (limit, filter) = (of.limit.unwrap_or_default(), Filter { owner: of.owner.as_ref() });
    let found = ledger.accounts(&cx, filter, of.after, limit.and_one()).await?;
    Ok(Json(Page::of(found, limit, |it| it.id.to_string(), AccountView::from)))
}

/// One account.
#[utoipa::path(
    get, path = "/v1/ledger/accounts/{id}", params(("id" = AccountId, Path)),
    security(("key" = ["ledger:read"])),
    responses((status = 200, description = "The account.", body = AccountView)),
)]
async fn find_account(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Path(id): Path<AccountId>,
    seen: Seen,
) -> Result<Tagged<AccountView>, Problem> {
    Ok(Tagged { seen, body: ledger.account(&cx, id).await?.into() })
}

/// Closes an empty account for good.
#[utoipa::path(
    post, path = "/v1/ledger/accounts/{id}/close", params(("id" = AccountId, Path), KeyHeader),
    security(("key" = ["ledger:admin"])),
    responses((status = 200, description = "The account is closed.", body = AccountClosed)),
)]
async fn close_account(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Path(id): Path<AccountId>,
    key: RequestKey,
) -> Result<Replayed<Json<AccountClosed>>, Problem> {
    let receipt = ledger.under(keyed(&key, &id)).close_account(&cx, id).await?;
    Ok(Replayed { is_replay: receipt.is_replay(), body: Json(AccountClosed { id }) })
}

impl AccountBody {
    fn places(&self) -> Places {
        let to = self.expires_to.map(|it| (it, "/expires_to".to_owned()));
        Places::summed_at("/floor").naming(to.into_iter().collect())
    }
}

impl From<AccountBody> for Opening {
    fn from(it: AccountBody) -> Self {
        let side = match it.side {
            SideName::Credit => Side::Credit,
            SideName::Debit => Side::Debit,
        };
        let bounds = Bounds { floor: it.floor, ceiling: it.ceiling };
        let AccountBody { owner, purpose, asset, expires_to, .. } = it;
        Self { owner, purpose, asset, side, bounds, expires_to }
    }
}

impl From<Account> for AccountOpened {
    fn from(it: Account) -> Self {
        let side = match it.side {
            Side::Credit => SideName::Credit,
            Side::Debit => SideName::Debit,
        };
        let Bounds { floor, ceiling } = it.bounds;
        let Account { id, owner, purpose, asset, expires_to, .. } = it;
        Self { id, owner, purpose, asset, side, floor, ceiling, expires_to }
    }
}

impl From<Account> for AccountView {
    fn from(it: Account) -> Self {
        Self {
            is_closed: it.is_closed,
            balance: it.balance,
            pending_debit: it.pending_debit,
            pending_credit: it.pending_credit,
            entries: it.seq,
            recorded_at: it.recorded_at,
            opened: it.into(),
        }
    }
}
