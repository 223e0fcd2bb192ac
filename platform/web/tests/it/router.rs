//! A few routes of the tests' own, called without a network.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::Body,
    extract::DefaultBodyLimit,
    http::{Request, StatusCode, header, request::Builder},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use socle_kernel::{AppId, Day, Rule, Text, Timestamp};
use socle_testkit::Answer;
use socle_web::{AfterId, AfterNumber, Json, Path, Query, RequestKey, Seen, Tagged};
use tower::ServiceExt;
use utoipa::ToSchema;

pub(crate) const BODY_BYTES_MAX: usize = 4096;

pub(crate) enum NameRule {}

impl Rule for NameRule {
    const NAME: &str = "Name";
    const CHARS_MAX: usize = 8;
}

/// A body with a part of every sort.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Order {
    pub(crate) amount: i64,
    pub(crate) small: Option<u8>,
    #[schema(value_type = Option<String>)]
    pub(crate) app: Option<AppId>,
    #[schema(value_type = Option<String>)]
    pub(crate) name: Option<Text<NameRule>>,
    #[schema(value_type = Option<String>)]
    pub(crate) at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    pub(crate) day: Option<Day>,
    pub(crate) colour: Option<Colour>,
    pub(crate) lines: Vec<Line>,
    pub(crate) shapes: Vec<Shape>,
    /// Free keys: a module should not do so, and is covered all the same.
    pub(crate) counts: BTreeMap<String, i64>,
    #[schema(value_type = Object)]
    pub(crate) anything: Value,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Colour {
    Red,
    Green,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum Shape {
    Circle { radius: i64 },
    Point {},
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Line {
    pub(crate) amount: i64,
}

fn router() -> Router {
    Router::new()
        .route("/orders", post(async |order: Json<Order>| order))
        .route("/things/{id}", get(async |id: Path<AppId>| id.0.to_string()))
        .route("/ids", get(async |page: Query<AfterId<AppId>>| page.0.limit().rows().to_string()))
        .route("/counted", get(async |page: Query<AfterNumber>| page.0.after().to_string()))
        .route("/keyed", post(async |key: RequestKey| key.scope + "|" + &key.name))
        .route("/tagged", get(async |seen: Seen| Tagged { seen, body: [1, 2] }))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
}

/// The answer of the routes.
pub(crate) async fn ask(request: Builder, body: impl Into<Body>) -> Answer {
    let request = request.body(body.into()).expect("a request that can be sent");
    answer_of(router().oneshot(request).await.expect("routers answer")).await
}

/// A body that is sent as JSON to `/orders`.
pub(crate) async fn order(body: impl Into<Body>) -> Answer {
    let json = Request::post("/orders").header(header::CONTENT_TYPE, "application/json");
    ask(json, body).await
}

pub(crate) async fn read(given: impl IntoResponse) -> Answer {
    answer_of(given.into_response()).await
}

async fn answer_of(response: Response) -> Answer {
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.expect("a whole body").to_bytes();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    Answer { status: parts.status, headers: parts.headers, text, body }
}

/// Asserts status, code and places of a refusal.
#[track_caller]
pub(crate) fn refused(answer: &Answer, status: u16, code: &str, pointers: &[&str]) {
    assert_eq!(answer.status, StatusCode::from_u16(status).expect("a status"), "{}", answer.text);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert_eq!(answer.body["code"], code, "{}", answer.text);
    assert_eq!(answer.pointers(), pointers, "{}", answer.text);
}
