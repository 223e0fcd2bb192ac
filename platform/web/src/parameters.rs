//! Parameters of the path and of the query.

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use crate::{
    Problem, Refusal,
    complaint::{self, Known},
};

/// What bytes that are no UTF-8 are decoded to.
const NO_TEXT: char = char::REPLACEMENT_CHARACTER;

/// Parameters of the path. What does not read as an identifier names nothing, so it is not found.
#[derive(Debug)]
pub struct Path<T>(pub T);

/// Parameters of the query.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|it| Self(it.0)).map_err(|_| Refusal::NothingOfThatName.into())
    }
}

impl<S: Send + Sync, T: DeserializeOwned + IntoParams> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

fn read<T: DeserializeOwned + IntoParams>(query: &str) -> Result<T, Problem> {
    let refused = |place: &str, says: &str| {
        Problem::from(Refusal::QueryInvalid).at(place.trim_start_matches('/'), says)
    };
    let pairs = || form_urlencoded::parse(query.as_bytes());
    if pairs().any(|(name, value)| [name, value].iter().any(|it| it.contains(NO_TEXT))) {
        return Err(refused("", "percent-encode parameters as UTF-8"));
    }
    let source = serde_urlencoded::Deserializer::new(pairs());
    serde_path_to_error::deserialize(source).map_err(|it| {
        let place = Known::of_query::<T>().pointer(it.path());
        refused(&place, &complaint::expected(&it.inner().to_string()))
    })
}
