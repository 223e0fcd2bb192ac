//! The caller of a request, as the gate has let it in.

use axum::{extract::FromRequestParts, http::request::Parts};
use socle_kernel::{Common, Cx};

use crate::Problem;

/// Extracts the [`Cx`] that the gate left on the request.
#[derive(Debug)]
pub struct Caller(pub Cx);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let cx = parts.extensions.get::<Cx>().cloned();
        cx.map(Caller).ok_or_else(|| Common::Unauthenticated.into())
    }
}
