//! Transactions of any shape: posted, undone, found.

mod view;

use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use socle_books::{LEGS_MAX, Leg};
use socle_kernel::{AccountId, Amount, Timestamp, TransferId};
use socle_web::{
    AfterNumber, Caller, Json, KeyHeader, Limit, Page, Path, Place, Problem, Query, Replayed,
    RequestKey,
};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    fields::{KindOf, Moment, Reason, memo},
    keyed, metadata,
    metadata::Metadata,
    places::Places,
};
use crate::{Ledger, NewTransaction};

pub(super) use view::TransactionView;

pub(super) fn routes() -> OpenApiRouter<Ledger> {
    OpenApiRouter::new()
        .routes(routes!(search_transactions, post_transaction))
        .routes(routes!(find_transaction))
        .routes(routes!(reverse_transaction))
        .routes(routes!(journal))
}

/// A transaction to be posted.
#[derive(Debug, Hash, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({
    "kind": "sale",
    "legs": [
        { "account": "acc_01980000000070008000000000000001", "amount": -500 },
        { "account": "acc_01980000000070008000000000000002", "amount": 500 },
    ],
    "effective_at": "2025-06-15T10:30:00Z", "reason": "a pair of shoes",
    "metadata": { "till": "7" },
})))]
pub(super) struct TransactionBody {
    /// Your word for it; not one of the ledger's own.
    kind: KindOf,
    /// Sum to zero per asset; the first names the account whose transaction it is.
    #[schema(min_items = 2, max_items = 64)]
    pub(super) legs: Vec<LegBody>,
    /// When it counts; now, without it.
    #[schema(value_type = Option<Timestamp>)]
    effective_at: Option<Moment>,
    reason: Option<Reason>,
    #[serde(default)]
    metadata: Metadata,
}

/// One side of a transaction.
#[derive(Debug, Hash, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LegBody {
    account: AccountId,
    /// Credit is positive, debit negative; never zero.
    amount: Amount,
    /// Takes what the account's bounds do not admit.
    overflow: Option<AccountId>,
    /// Into an account of lots: when the lot expires.
    #[schema(value_type = Option<Timestamp>)]
    expires_at: Option<Moment>,
    /// Out of an account of lots: what this transaction brought goes first.
    prefers: Option<TransferId>,
}

/// Why a transaction is undone.
#[derive(Debug, Hash, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({ "reason": "rung up twice", "metadata": { "till": "7" } })))]
struct ReverseBody {
    reason: Option<Reason>,
    #[serde(default)]
    metadata: Metadata,
}

/// Which transactions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SearchQuery {
    /// A piece of metadata …
    #[param(inline, example = "till")]
    key: metadata::Key,
    /// … and what it says.
    #[param(
        value_type = String,
        min_length = 1,
        max_length = 500,
        pattern = "^[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f]*$",
        example = "7"
    )]
    value: metadata::Value,
    /// `next` of the page before.
    #[param(value_type = Option<i64>, minimum = 0)]
    after: Option<Place>,
    /// At most so many rows.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200, default = 50)]
    limit: Option<Limit>,
}

/// Posts a transaction.
#[utoipa::path(
    post, path = "/v1/ledger/transactions", params(KeyHeader),
    security(("key" = ["ledger:admin"])),
    responses((status = 201, description = "The transaction.", body = TransactionView)),
)]
async fn post_transaction(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    key: RequestKey,
    Json(body): Json<TransactionBody>,
) -> Result<(StatusCode, Replayed<Json<TransactionView>>), Problem> {
    let (key, places) = (keyed(&key, &body), body.places());
    let posted = ledger.under(key).post(&cx, body.transaction(key.id_of())).await;
    let answer = TransactionView::answer(posted.map_err(|it| places.problem(it))?)?;
    Ok((StatusCode::CREATED, answer))
}

/// The transactions that carry a piece of metadata, in the order of the journal.
#[utoipa::path(
    get, path = "/v1/ledger/transactions", params(SearchQuery),
    security(("key" = ["ledger:read"])),
    responses((status = 200, description = "A page.", body = Page<TransactionView>)),
)]
async fn search_transactions(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Query(of): Query<SearchQuery>,
) -> Result<Json<Page<TransactionView>>, Problem> {
    let (limit, after) = (of.limit.unwrap_or_default(), of.after.unwrap_or_default().number());
    let wanted = (of.key.as_ref(), of.value.as_ref());
    let found = ledger.search(&cx, wanted, after, limit.and_one()).await?;
    Ok(Json(TransactionView::page(found, limit)))
}

/// One transaction.
#[utoipa::path(
    get, path = "/v1/ledger/transactions/{id}", params(("id" = TransferId, Path)),
    security(("key" = ["ledger:read"])),
    responses((status = 200, description = "The transaction.", body = TransactionView)),
)]
async fn find_transaction(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Path(id): Path<TransferId>,
) -> Result<Json<TransactionView>, Problem> {
    Ok(Json(ledger.transaction(&cx, id).await?.into()))
}

/// Undoes a transaction, once: what it took goes back to where it came from.
#[utoipa::path(
    post, path = "/v1/ledger/transactions/{id}/reverse",
    params(("id" = TransferId, Path), KeyHeader), security(("key" = ["ledger:admin"])),
    responses((status = 200, description = "What undid it.", body = TransactionView)),
)]
async fn reverse_transaction(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Path(id): Path<TransferId>,
    key: RequestKey,
    Json(body): Json<ReverseBody>,
) -> Result<Replayed<Json<TransactionView>>, Problem> {
    let ledger = ledger.under(keyed(&key, &(id, &body)));
    TransactionView::answer(ledger.reverse(&cx, id, memo(body.reason, body.metadata)).await?)
}

/// All transactions in the order in which they were recorded: 1, 2, 3 … without a gap.
#[utoipa::path(
    get, path = "/v1/ledger/journal", params(AfterNumber), security(("key" = ["ledger:read"])),
    responses((status = 200, description = "A page of the journal.", body = Page<TransactionView>)),
)]
async fn journal(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Query(page): Query<AfterNumber>,
) -> Result<Json<Page<TransactionView>>, Problem> {
    let limit = page.limit();
    let found = ledger.journal(&cx, page.after(), limit.and_one()).await?;
    Ok(Json(TransactionView::page(found, limit)))
}

impl TransactionBody {
    pub(super) fn transaction(self, id: TransferId) -> NewTransaction {
        NewTransaction {
            id,
            kind: self.kind.to_string(),
            effective_at: self.effective_at.map(|it| it.0),
            legs: self.legs.into_iter().map(Leg::from).collect(),
            memo: memo(self.reason, self.metadata),
        }
    }

    pub(super) fn places(&self) -> Places {
        let legs = self.legs.iter().enumerate().take(LEGS_MAX);
        let accounts = legs.flat_map(|(place, it)| {
            let overflow = it.overflow.map(|id| (id, format!("/legs/{place}/overflow")));
            [Some((it.account, format!("/legs/{place}/account"))), overflow]
        });
        Places::summed_at("/legs").naming(accounts.flatten().collect())
    }
}

impl From<LegBody> for Leg {
    fn from(it: LegBody) -> Self {
        let LegBody { account, amount, overflow, expires_at, prefers } = it;
        Self { account, amount, overflow, expires_at: expires_at.map(|it| it.0), prefers }
    }
}
