//! What happens to every request, whatever it asks for: a name, a line in the log, a problem
//! document for a refusal, and an answer even when the code that makes it panics.

use std::{panic::AssertUnwindSafe, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use socle_web::{Problem, Refusal};
use uuid::Uuid;

use crate::drain::Drain;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Sent with every answer: nothing of ours is framed, sniffed or remembered by others.
const HEADERS: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// The name of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestId(pub(crate) Uuid);

/// Answers a request.
pub(crate) async fn answer(
    State(drain): State<Drain>,
    mut request: Request,
    next: Next,
) -> Response {
    let (start, id) = (Instant::now(), draw());
    request.extensions_mut().insert(RequestId(id));
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|it| it.as_str().to_owned());
    let response = match drain.enter() {
        Some(_in_flight) => guarded(request, next).await,
        None => leaving(),
    };
    let response = finished(response, id);
    told(&method, route.as_deref(), response.status(), (start, id));
    response
}

async fn guarded(request: Request, next: Next) -> Response {
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answered.unwrap_or_else(|_| Problem::from(Refusal::Panicked).into_response())
}

fn leaving() -> Response {
    let mut response = Problem::from(Refusal::Stopping).into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Names the request in what is answered.
fn finished(mut response: Response, id: Uuid) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let body = axum::Json(problem.of_request(id)).into_response().into_body();
        *response.body_mut() = body;
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::try_from(id.to_string()) {
        headers.insert(REQUEST_ID, id);
    }
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The route is the template: what was asked for may name somebody.
fn told(method: &Method, route: Option<&str>, status: StatusCode, (start, id): (Instant, Uuid)) {
    let (route, status) = (route.unwrap_or("none"), status.as_u16());
    let duration_ms = start.elapsed().as_secs_f64() * 1_000.0;
    tracing::info!(%method, route, status, duration_ms, request_id = %id, "answered");
}

#[expect(clippy::disallowed_methods, reason = "the edge is where a request gets its name")]
fn draw() -> Uuid {
    Uuid::now_v7()
}
