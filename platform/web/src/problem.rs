//! Refusals on the wire: problem documents of RFC 9457.

use std::error::Error;

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use socle_kernel::{Classify, Kind};
use utoipa::ToSchema;
use uuid::Uuid;

/// The answer was given before, to a request with the same key.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Why a call took no effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// A page about the code, on this server.
    #[serde(rename = "type")]
    #[schema(examples("/problems/ledger.insufficient"))]
    kind: Box<str>,
    #[schema(examples("Conflict"))]
    title: &'static str,
    #[schema(minimum = 400, maximum = 599, examples(409))]
    status: u16,
    /// Stable: branch on this.
    #[schema(examples("ledger.insufficient"))]
    code: &'static str,
    /// For people; its words may change.
    #[schema(examples("there are 45 available, 50 were asked for"))]
    detail: Box<str>,
    /// What is wrong with which part of the request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// Names the request in logs; of a replay, the first request.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<Uuid>,
    #[serde(skip)]
    retry_after_s: Option<u32>,
}

/// What is wrong with one part of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// A JSON pointer (RFC 6901) into the body, or the name of a parameter or header.
    #[schema(examples("/legs/0/amount"))]
    pub pointer: String,
    pub detail: String,
}

/// A body, and whether it is the answer to an earlier request with the same key.
#[derive(Debug)]
pub struct Replayed<T> {
    pub is_replay: bool,
    pub body: T,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/problems/{code}").into(),
            title: status.canonical_reason().unwrap_or("Problem"),
            status: status.as_u16(),
            code,
            detail: detail.into().into(),
            errors: Vec::new(),
            request_id: None,
            retry_after_s: None,
        }
    }

    /// Says which part of the request it is about.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        self.errors.push(FieldError { pointer: pointer.into(), detail: detail.into() });
        self
    }

    /// Says when to come back.
    #[must_use]
    pub fn retry_after(self, seconds: u32) -> Self {
        Self { retry_after_s: Some(seconds), ..self }
    }

    /// Names the request, unless it is the replay of one that has a name.
    #[must_use]
    pub fn of_request(self, id: Uuid) -> Self {
        Self { request_id: self.request_id.or(Some(id)), ..self }
    }

    /// One outcome among several of a request, which has the name.
    #[must_use]
    pub fn unnamed(self) -> Self {
        Self { request_id: None, ..self }
    }

    /// Whether it says nothing about the call itself: the same call may succeed later.
    #[must_use]
    pub fn is_fault(&self) -> bool {
        500 <= self.status
    }

    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }
}

/// The status of each kind: the one place that knows.
fn status_of(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Denied => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Stale => StatusCode::PRECONDITION_FAILED,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The status that a catalogue of codes means: a kind of the kernel, or a status, by its name.
#[must_use]
pub fn status_named(name: &str) -> Option<StatusCode> {
    use Kind as K;
    let kinds = [
        K::Invalid,
        K::Unauthenticated,
        K::Denied,
        K::NotFound,
        K::Conflict,
        K::Stale,
        K::TooMany,
        K::Unavailable,
        K::Internal,
    ];
    let kind = kinds.into_iter().find(|it| format!("{it:?}") == name).map(status_of);
    kind.or_else(|| {
        let statuses = (400..600).filter_map(|it| StatusCode::from_u16(it).ok());
        let named = |it: &StatusCode| it.canonical_reason().map(str::to_uppercase);
        statuses.into_iter().find(|it| named(it).is_some_and(|it| it.replace(' ', "_") == name))
    })
}

impl<E: Classify> From<E> for Problem {
    fn from(error: E) -> Self {
        let (kind, code) = error.class();
        let status = status_of(kind);
        // Causes stay in the log: a caller gets a code, not our insides.
        let problem = match kind {
            Kind::Internal => {
                tracing::error!(error = &error as &dyn Error, code, "a request failed");
                Self::new(status, code, "something is wrong on our side")
            }
            Kind::Unavailable => {
                tracing::warn!(error = &error as &dyn Error, code, "a request has to come back");
                Self::new(status, code, "nothing is wrong with the call: try again in a moment")
                    .retry_after(1)
            }
            _ => Self::new(status, code, error.to_string()),
        };
        Self { request_id: error.replay_of(), ..problem }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(&self)).into_response();
        let headers = response.headers_mut();
        let kind = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, kind);
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            let how = HeaderValue::from_static("Bearer realm=\"socle\"");
            headers.insert(header::WWW_AUTHENTICATE, how);
        }
        if self.request_id.is_some() {
            headers.insert(REPLAYED, HeaderValue::from_static("true"));
        }
        // The edge of the process names the request and writes the document once more.
        response.extensions_mut().insert(self);
        response
    }
}

impl<T: IntoResponse> IntoResponse for Replayed<T> {
    fn into_response(self) -> Response {
        let mut response = self.body.into_response();
        if self.is_replay {
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}
