//! What happened in an account, and what it had at a moment.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use socle_books::read::{AsOf, Entry};
use socle_kernel::{AccountId, Amount, Timestamp, TransferId};
use socle_web::{AfterNumber, Caller, Json, Page, Path, Problem, Query};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::fields::{At, moment};
use crate::{Error, Ledger};

pub(super) fn routes() -> OpenApiRouter<Ledger> {
    OpenApiRouter::new().routes(routes!(list_entries)).routes(routes!(account_balance))
}

/// When.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AtQuery {
    /// A moment, or a day, which means its end; now, without it.
    #[param(value_type = Option<String>, example = "2025-06-30")]
    at: Option<At>,
}

/// One entry of an account.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EntryView {
    /// The account's own count of entries.
    pub(super) seq: i64,
    pub(super) transaction: TransferId,
    pub(super) kind: String,
    pub(super) effective_at: Timestamp,
    pub(super) recorded_at: Timestamp,
    /// Credit is positive, debit negative.
    pub(super) amount: Amount,
    /// The running balance, in the order in which entries were recorded.
    pub(super) balance: Amount,
    pub(super) reason: Option<String>,
}

/// What an account had at a moment; credit counts up.
#[derive(Debug, Serialize, ToSchema)]
struct AccountBalanceView {
    account: AccountId,
    at: Timestamp,
    /// What had come in, less what corrections took back.
    credit: Amount,
    /// What had gone out, less what corrections gave back.
    debit: Amount,
    /// What had expired.
    expired: Amount,
    /// What holds had set aside.
    held: Amount,
    balance: Amount,
    available: Amount,
}

/// A page of an account's entries, in the order in which they were recorded.
#[utoipa::path(
    get, path = "/v1/ledger/accounts/{id}/entries", params(("id" = AccountId, Path), AfterNumber),
    security(("key" = ["ledger:read"])),
    responses((status = 200, description = "A page of entries.", body = Page<EntryView>)),
)]
async fn list_entries(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Path(id): Path<AccountId>,
    Query(page): Query<AfterNumber>,
) -> Result<Json<Page<EntryView>>, Problem> {
    ledger.account(&cx, id).await?;
    let limit = page.limit();
    let found = ledger.entries(&cx, id, page.after(), limit.and_one()).await?;
    Ok(Json(Page::of(found, limit, |it| it.seq.to_string(), EntryView::from)))
}

/// What an account had at a moment.
#[utoipa::path(
    get, path = "/v1/ledger/accounts/{id}/balance", params(("id" = AccountId, Path), AtQuery),
    security(("key" = ["ledger:read"])),
    responses((status = 200, description = "The balance.", body = AccountBalanceView)),
)]
async fn account_balance(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Path(id): Path<AccountId>,
    Query(AtQuery { at }): Query<AtQuery>,
) -> Result<Json<AccountBalanceView>, Problem> {
    ledger.account(&cx, id).await?;
    let at = moment(at, &cx);
    Ok(Json(AccountBalanceView::of(id, at, ledger.account_as_of(&cx, id, at).await?)?))
}

impl AccountBalanceView {
    fn of(account: AccountId, at: Timestamp, it: AsOf) -> Result<Self, Error> {
        let balance = it.balance().map_err(|_| Error::TooLarge)?;
        let available = it.available().map_err(|_| Error::TooLarge)?;
        let AsOf { credit, debit, expired, held } = it;
        Ok(Self { account, at, credit, debit, expired, held, balance, available })
    }
}

impl From<Entry> for EntryView {
    fn from(it: Entry) -> Self {
        let Entry { seq, transfer_id: transaction, amount, balance, .. } = it;
        let Entry { effective_at, recorded_at, kind, reason, .. } = it;
        Self { seq, transaction, kind, effective_at, recorded_at, amount, balance, reason }
    }
}
