//! Parameters of the path and of the query.

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;

use crate::{Problem, Refusal, complaint};

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

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

fn read<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    let source = serde_urlencoded::Deserializer::new(pairs);
    serde_path_to_error::deserialize(source).map_err(|it| {
        let place = complaint::pointer(it.path());
        let (place, says) = complaint::expected(&place, &it.inner().to_string());
        Problem::from(Refusal::QueryInvalid).at(place.trim_start_matches('/'), says)
    })
}
