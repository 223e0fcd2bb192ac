//! REST: `/v1/ledger`. Translates, and decides nothing.
//!
//! What takes effect under an `Idempotency-Key` is answered with what never changes afterwards, so
//! that a repetition gets the same to the letter.

mod fields;
mod metadata;
mod places;

mod programmes;
mod purchases;

mod customers;
mod spending;

mod accounts;
mod entries;
mod statement;

mod batch;
mod holds;
mod transactions;

mod reports;
mod verifications;

use std::hash::Hash;

use socle_books::Key;
use socle_web::RequestKey;
use utoipa_axum::router::OpenApiRouter;

use crate::Ledger;

/// The ledger's REST routes, with their OpenAPI.
pub(crate) fn routes(ledger: Ledger) -> OpenApiRouter {
    OpenApiRouter::new()
        .merge(programmes::routes())
        .merge(purchases::routes())
        .merge(customers::routes())
        .merge(spending::routes())
        .merge(accounts::routes())
        .merge(entries::routes())
        .merge(statement::routes())
        .merge(transactions::routes())
        .merge(batch::routes())
        .merge(holds::routes())
        .merge(reports::routes())
        .merge(verifications::routes())
        .with_state(ledger)
}

/// The key of a request that asks for `content`: what the path names, and the body.
fn keyed(request: &RequestKey, content: &impl Hash) -> Key {
    Key::of_request(&request.scope, &request.name, content)
}
