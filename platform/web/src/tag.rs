//! Which version of a thing an answer shows: `ETag` out, `If-None-Match` and `If-Match` in.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};

/// A body with its version; nothing but the version to a caller who has it.
#[derive(Debug)]
pub struct Tagged<T> {
    pub version: i64,
    pub seen: Seen,
    pub body: T,
}

/// The versions that the caller has: `If-None-Match`.
#[derive(Debug, Clone)]
pub struct Seen(Option<HeaderValue>);

impl<S: Sync> FromRequestParts<S> for Seen {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.headers.get(header::IF_NONE_MATCH).cloned()))
    }
}

impl Seen {
    fn has(&self, tag: &str) -> bool {
        let Some(Ok(seen)) = self.0.as_ref().map(|it| it.to_str()) else { return false };
        seen.trim() == "*" || seen.split(',').any(|it| it.trim().trim_start_matches("W/") == tag)
    }
}

impl<T: IntoResponse> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let tag = format!("\"{}\"", self.version);
        let mut response = if self.seen.has(&tag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            self.body.into_response()
        };
        if let Ok(tag) = HeaderValue::try_from(tag) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}
