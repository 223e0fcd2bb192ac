//! Which version of a thing an answer shows: `ETag` out, `If-None-Match` in (RFC 9110).
//!
//! The tag is a hash of the answer itself, so that nothing which it shows can change without it.

use std::{
    convert::Infallible,
    hash::{DefaultHasher, Hasher},
};

use axum::{
    body::Body,
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use socle_kernel::Doing;

use crate::Problem;

/// A JSON body with its tag; nothing but the tag to a caller who has it.
#[derive(Debug)]
pub struct Tagged<T> {
    pub seen: Seen,
    pub body: T,
}

/// The versions that the caller has.
#[derive(Debug, Clone)]
pub struct Seen(Vec<HeaderValue>);

impl<S: Sync> FromRequestParts<S> for Seen {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.headers.get_all(header::IF_NONE_MATCH).iter().cloned().collect()))
    }
}

impl Seen {
    fn has(&self, tag: &str) -> bool {
        let lines = self.0.iter().filter_map(|it| it.to_str().ok());
        // Tags are compared weakly (RFC 9110, 13.1.2), and ours have no comma.
        lines
            .flat_map(|it| it.split(','))
            .map(str::trim)
            .any(|it| it == "*" || it.strip_prefix("W/").unwrap_or(it) == tag)
    }
}

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let json = match serde_json::to_vec(&self.body).doing("write the answer") {
            Ok(json) => json,
            Err(fault) => return Problem::from(fault).into_response(),
        };
        let mut hasher = DefaultHasher::new();
        hasher.write(&json);
        let tag = format!("\"{:016x}\"", hasher.finish());
        let is_seen = self.seen.has(&tag);
        let body = if is_seen { Body::empty() } else { Body::from(json) };
        let mut response = body.into_response();
        let headers = response.headers_mut();
        if is_seen {
            headers.remove(header::CONTENT_TYPE);
        } else {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Ok(tag) = HeaderValue::try_from(tag) {
            headers.insert(header::ETAG, tag);
        }
        // Kept by the caller alone, and asked about each time.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        if is_seen {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        response
    }
}
