//! What happens to every request, whatever it asks for: a name, a line in the log, a problem
//! document for a refusal, and an answer even when the code that makes it panics.

mod answering;
mod unread;

use std::panic::AssertUnwindSafe;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use socle_telemetry::{Metrics, PanicPlace};
use socle_web::{Problem, Refusal};
use tracing::Instrument;
use uuid::Uuid;

use crate::drain::Drain;
use answering::{Answering, Watched};
use unread::Unread;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Sent with every answer: nothing of ours is framed, sniffed or remembered by others.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
];

/// The name of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestId(pub(crate) Uuid);

/// What every request meets.
#[derive(Debug, Clone)]
pub(crate) struct Reception {
    pub(crate) drain: Drain,
    pub(crate) metrics: Metrics,
}

/// Answers a request.
pub(crate) async fn answer(
    State(Reception { drain, metrics }): State<Reception>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = draw();
    request.extensions_mut().insert(RequestId(id));
    let in_flight = drain.enter();
    let is_stopping = in_flight.is_none();
    let mut answering = Answering::begin(&mut request, id, &metrics, in_flight);
    let (request, unread) = Unread::watch(request);
    let answered =
        async { if is_stopping { leaving() } else { guarded(request, next, &metrics).await } };
    let mut response = finished(answered.instrument(answering.span()).await, id);
    unread.tell(&mut response);
    answering.answered(response.status());
    response.map(|body| Body::new(Watched::new(body, answering)))
}

async fn guarded(request: Request, next: Next, metrics: &Metrics) -> Response {
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answered.unwrap_or_else(|_| {
        tracing::error!("a request panicked");
        metrics.panicked(PanicPlace::Request);
        Problem::from(Refusal::Panicked).into_response()
    })
}

fn leaving() -> Response {
    let mut response = Problem::from(Refusal::Stopping).into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Names the request in what is answered.
fn finished(response: Response, id: Uuid) -> Response {
    let mut response = told(response);
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
    response
}

/// A problem document where a part that is not ours, such as the documentation, has none.
fn told(response: Response) -> Response {
    let is_told = response.extensions().get::<Problem>().is_some();
    match response.status() {
        StatusCode::NOT_FOUND if !is_told => Problem::from(Refusal::NoRoute).into_response(),
        _ => response,
    }
}

#[expect(clippy::disallowed_methods, reason = "the edge is where a request gets its name")]
fn draw() -> Uuid {
    Uuid::now_v7()
}
