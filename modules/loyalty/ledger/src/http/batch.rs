//! Many transactions at once, each with its own outcome.

use axum::extract::{DefaultBodyLimit, State};
use serde::{Deserialize, Serialize};
use socle_books::Receipt;
use socle_kernel::Classify;
use socle_web::{Caller, Json, KeyHeader, Problem, Replayed, RequestKey};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    keyed,
    places::Places,
    transactions::{TransactionBody, TransactionView},
};
use crate::{Error, Ledger};

/// A batch at its largest, with a kilobyte for each transaction.
const BODY_BYTES_MAX: usize = 8 * 1024 * 1024;

pub(super) fn routes() -> OpenApiRouter<Ledger> {
    let limit = DefaultBodyLimit::max(BODY_BYTES_MAX);
    OpenApiRouter::new().routes(routes!(post_transactions)).layer(limit)
}

/// Transactions to be posted, each by itself.
#[derive(Debug, Hash, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({
    "transactions": [{
        "kind": "sale",
        "legs": [
            { "account": "acc_01980000000070008000000000000001", "amount": -500 },
            { "account": "acc_01980000000070008000000000000002", "amount": 500 },
        ],
    }],
})))]
struct BatchBody {
    #[schema(max_items = 8_000)]
    transactions: Vec<TransactionBody>,
}

/// What became of each, in their order.
#[derive(Debug, Serialize, ToSchema)]
struct BatchView {
    outcomes: Vec<OutcomeView>,
}

/// What became of one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OutcomeView {
    Transaction(Box<TransactionView>),
    Problem(Box<Problem>),
}

/// Posts up to 8,000 transactions; one that is refused harms no other.
#[utoipa::path(
    post, path = "/v1/ledger/transactions:batch", params(KeyHeader),
    security(("key" = ["ledger:admin"])),
    responses((status = 200, description = "What became of each.", body = BatchView)),
)]
async fn post_transactions(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    key: RequestKey,
    Json(body): Json<BatchBody>,
) -> Result<Replayed<Json<BatchView>>, Problem> {
    let (key, places) = (keyed(&key, &body), body.places());
    let each = body.transactions.into_iter().enumerate();
    let each = each.map(|(place, it)| it.transaction(key.part(place).id_of())).collect();
    let outcomes = ledger.under(key).post_all(&cx, each).await.map_err(at_batch)?;
    BatchView::answer(outcomes, &places)
}

fn at_batch(error: Error) -> Problem {
    Places::summed_at("/transactions").problem(error)
}

/// Whether an outcome had been told before; what is refused without asking the books may be either.
fn is_replay(outcome: &Result<Receipt, Error>) -> Option<bool> {
    match outcome {
        Ok(receipt) => Some(receipt.is_replay()),
        Err(error @ Error::Refused(_)) => Some(error.replay_of().is_some()),
        Err(_) => None,
    }
}

impl BatchBody {
    fn places(&self) -> Vec<Places> {
        let each = self.transactions.iter().enumerate();
        each.map(|(place, it)| it.places().within(format!("/transactions/{place}"))).collect()
    }
}

impl BatchView {
    fn answer(
        outcomes: Vec<Result<Receipt, Error>>,
        places: &[Places],
    ) -> Result<Replayed<Json<Self>>, Problem> {
        let told: Vec<bool> = outcomes.iter().filter_map(is_replay).collect();
        let is_replay = !told.is_empty() && told.into_iter().all(|it| it);
        let each = outcomes.into_iter().zip(places);
        let outcomes =
            each.map(|(it, places)| OutcomeView::of(it, places)).collect::<Result<_, _>>()?;
        Ok(Replayed { is_replay, body: Json(Self { outcomes }) })
    }
}

impl OutcomeView {
    /// A fault is no outcome: the whole request is to be sent again, under its key.
    fn of(outcome: Result<Receipt, Error>, places: &Places) -> Result<Self, Problem> {
        match outcome {
            Ok(receipt) => {
                let Replayed { body: Json(view), .. } = TransactionView::answer(receipt)?;
                Ok(Self::Transaction(Box::new(view)))
            }
            Err(error) => {
                let problem = places.problem(error);
                if problem.is_fault() {
                    return Err(problem);
                }
                Ok(Self::Problem(Box::new(problem.unnamed())))
            }
        }
    }
}
