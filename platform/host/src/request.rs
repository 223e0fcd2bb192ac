//! What happens to every request, whatever it asks for: a name, a line in the log, a problem
//! document for a refusal, and an answer even when the code that makes it panics.

use std::{
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use socle_telemetry::{Metrics, PanicPlace, Request as Answered, continue_trace, trace_id};
use socle_web::{Problem, Refusal};
use tracing::{Instrument, Span, field};
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

/// What every request meets.
#[derive(Debug, Clone)]
pub(crate) struct Reception {
    pub(crate) drain: Drain,
    pub(crate) metrics: Metrics,
}

/// Answers a request.
pub(crate) async fn answer(
    State(reception): State<Reception>,
    mut request: Request,
    next: Next,
) -> Response {
    let (start, id) = (Instant::now(), draw());
    request.extensions_mut().insert(RequestId(id));
    let method = request.method().clone();
    // The template: what was asked for may name somebody.
    let route = request.extensions().get::<MatchedPath>().map(|it| it.as_str().to_owned());
    let span = span(&method, route.as_deref(), id);
    continue_trace(&span, request.headers());
    let active = reception.metrics.request_began();
    let answered = async {
        match reception.drain.enter() {
            Some(_in_flight) => reception.guarded(request, next).await,
            None => leaving(),
        }
    };
    let response = finished(answered.instrument(span.clone()).await, id);
    drop(active);
    let (status, took) = (response.status(), start.elapsed());
    span.in_scope(|| told(status, took));
    let trace = trace_id(&span);
    let route = route.as_deref();
    reception.metrics.request_ended(Answered { method: &method, route, status, took, trace });
    response
}

fn span(method: &Method, route: Option<&str>, id: Uuid) -> Span {
    let (route, status) = (route.unwrap_or("none"), field::Empty);
    tracing::info_span!("request", %method, route, request_id = %id, status)
}

fn told(status: StatusCode, took: Duration) {
    let duration_ms = took.as_secs_f64() * 1_000.0;
    Span::current().record("status", status.as_u16());
    tracing::info!(status = status.as_u16(), duration_ms, "answered");
}

impl Reception {
    async fn guarded(&self, request: Request, next: Next) -> Response {
        let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
        answered.unwrap_or_else(|_| {
            self.metrics.panicked(PanicPlace::Request);
            Problem::from(Refusal::Panicked).into_response()
        })
    }
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

#[expect(clippy::disallowed_methods, reason = "the edge is where a request gets its name")]
fn draw() -> Uuid {
    Uuid::now_v7()
}
