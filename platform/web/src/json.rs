//! JSON bodies, in and out.

mod once;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    Problem, Refusal,
    complaint::{self, Known},
};
use once::Once;

/// A JSON body: an object of which every key stands once, and whose fields are known.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + ToSchema> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Refusal::NotJson.into());
        }
        let body = Bytes::from_request(request, state).await.map_err(|it| unread(it.status()))?;
        read(&body).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(Ok(kind)) = headers.get(header::CONTENT_TYPE).map(|it| it.to_str()) else {
        return false;
    };
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn unread(status: StatusCode) -> Problem {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::BodyTooLarge.into(),
        _ => Refusal::BodyCutShort.into(),
    }
}

/// The one document that `body` is.
fn read<T: DeserializeOwned + ToSchema>(body: &[u8]) -> Result<T, Problem> {
    if body.trim_ascii_start().starts_with(b"[") {
        // To serde the fields of an object may also stand in a list.
        return Err(Problem::from(Refusal::BodyInvalid).at("", "expected an object"));
    }
    let mut document = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut document).map_err(|it| {
        let pointer = Known::of_body::<T>().pointer(it.path());
        // Where one of several words is wanted, serde_json takes a list for a mistake in the JSON.
        if it.inner().to_string().starts_with("expected value") && is_a_document(body) {
            return Problem::from(Refusal::BodyInvalid).at(pointer, "expected a text");
        }
        complaint::of_body(&pointer, it.inner())
    })?;
    let ended = document.end();
    let once =
        ended.and_then(|()| Once::deserialize(&mut serde_json::Deserializer::from_slice(body)));
    once.map_err(|it| complaint::of_body("", &it))?;
    Ok(value)
}

/// Whether it is JSON at all, and no deeper than JSON is read.
fn is_a_document(body: &[u8]) -> bool {
    serde_json::from_slice::<Value>(body).is_ok()
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}
