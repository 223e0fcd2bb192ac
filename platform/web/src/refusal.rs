//! What the edge itself says no to, before anything of a module is asked.

use axum::http::StatusCode;

use crate::Problem;

/// A refusal of the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    NoRoute,
    NoMethod,
    NotJson,
    BodyTooLarge,
    BodyCutShort,
    BodyMalformed,
    BodyInvalid,
    QueryInvalid,
    NothingOfThatName,
    KeyMissing,
    KeyInvalid,
    TooSlow,
    Stopping,
    Panicked,
}

impl Refusal {
    /// Status, code and words, in one table.
    fn answer(self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::NoRoute => (S::NOT_FOUND, "web.no-route", "there is no such route"),
            Self::NoMethod => {
                (S::METHOD_NOT_ALLOWED, "web.no-method", "the route has no such method")
            }
            Self::NotJson => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "web.not-json",
                "send the body with `Content-Type: application/json`",
            ),
            Self::BodyTooLarge => (
                S::PAYLOAD_TOO_LARGE,
                "web.body-too-large",
                "the body is larger than this route admits",
            ),
            Self::BodyCutShort => {
                (S::BAD_REQUEST, "web.body-cut-short", "the body did not arrive whole")
            }
            Self::BodyMalformed => {
                (S::BAD_REQUEST, "web.body-malformed", "the body is no JSON, or ends too soon")
            }
            Self::BodyInvalid => (
                S::UNPROCESSABLE_ENTITY,
                "web.body-invalid",
                "the body is not what this route takes",
            ),
            Self::QueryInvalid => (
                S::UNPROCESSABLE_ENTITY,
                "web.query-invalid",
                "a parameter is not what this route takes",
            ),
            Self::NothingOfThatName => (S::NOT_FOUND, "not-found", "there is nothing of that name"),
            Self::KeyMissing => (
                S::BAD_REQUEST,
                "web.key-missing",
                "name the request in `Idempotency-Key`, with a UUID for instance",
            ),
            Self::KeyInvalid => (
                S::BAD_REQUEST,
                "web.key-invalid",
                "`Idempotency-Key` is 1 to 255 visible characters of ASCII",
            ),
            Self::TooSlow => (
                S::SERVICE_UNAVAILABLE,
                "web.too-slow",
                "it took too long; whether it took effect is not known: ask again, with the same \
                 key",
            ),
            Self::Stopping => (
                S::SERVICE_UNAVAILABLE,
                "web.stopping",
                "this process is stopping: ask again in a moment",
            ),
            Self::Panicked => {
                (S::INTERNAL_SERVER_ERROR, "internal", "something is wrong on our side")
            }
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let (status, code, says) = refusal.answer();
        let problem = Self::new(status, code, says);
        if status == StatusCode::SERVICE_UNAVAILABLE { problem.retry_after(1) } else { problem }
    }
}
