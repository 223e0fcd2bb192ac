//! `Idempotency-Key`: the name of a request, under which it takes effect once.
//!
//! As the IETF draft `httpapi-idempotency-key-header` has it; the scope is tenant, principal,
//! method and route. The record is kept by whoever commits the effect.

use axum::{
    extract::{FromRequestParts, MatchedPath},
    http::request::Parts,
};
use socle_kernel::Cx;
use utoipa::IntoParams;

use crate::{Problem, Refusal};

/// The longest name of a request.
pub const KEY_CHARS_MAX: usize = 255;

const HEADER: &str = "idempotency-key";

/// How the header is described.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "a description; it is read by its extractor")]
pub struct KeyHeader {
    /// A name of your own for this request, such as a UUID. Sent again within 24 hours it has no
    /// second effect and gets the first answer.
    #[param(
        rename = "Idempotency-Key",
        min_length = 1,
        max_length = 255,
        pattern = "^[\\x21-\\x7e]+$",
        example = "order-1001-paid"
    )]
    key: String,
}

/// The name of a request, within its scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// Principal, method and route.
    pub scope: String,
    pub name: String,
}

impl<S: Sync> FromRequestParts<S> for RequestKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut names = parts.headers.get_all(HEADER).iter();
        let name = match (names.next().map(|it| it.to_str()), names.next()) {
            (Some(Ok(name)), None) if is_name(name) => name.to_owned(),
            (Some(_), _) => return Err(refused(Refusal::KeyInvalid)),
            (None, _) => return Err(refused(Refusal::KeyMissing)),
        };
        let principal = parts.extensions.get::<Cx>().map(|it| it.actor.id()).unwrap_or_default();
        let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        Ok(Self { scope: format!("{principal} {} {route}", parts.method), name })
    }
}

fn is_name(text: &str) -> bool {
    (1..=KEY_CHARS_MAX).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_graphic())
}

fn refused(refusal: Refusal) -> Problem {
    Problem::from(refusal).at("Idempotency-Key", "a name of your own for this request")
}
