//! A request from its head to the last byte of its answer, and what is told of it then.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll},
    time::Instant,
};

use axum::{
    Error,
    body::{Body, Bytes, HttpBody},
    extract::{MatchedPath, Request},
    http::{Method, StatusCode},
};
use http_body::{Frame, SizeHint};
use socle_telemetry::{
    InFlight, Metrics, PanicPlace, Request as Answered, continue_trace, trace_id,
};
use tracing::{Span, field};
use uuid::Uuid;

use crate::{connections::OpenRequest, drain};

/// What is counted and logged of a caller who went away before the answer began, as nginx does.
const LEFT: u16 = 499;

/// Told of when it is dropped, however that comes about: once a request.
pub(crate) struct Answering {
    start: Instant,
    method: Method,
    route: Option<String>,
    span: Span,
    status: Option<StatusCode>,
    metrics: Metrics,
    _active: InFlight,
    _open: Option<OpenRequest>,
    _draining: Option<drain::InFlight>,
}

impl Answering {
    pub(crate) fn begin(
        request: &mut Request,
        id: Uuid,
        metrics: &Metrics,
        draining: Option<drain::InFlight>,
    ) -> Self {
        let method = request.method().clone();
        // The template: what was asked for may name somebody.
        let route = request.extensions().get::<MatchedPath>().map(|it| it.as_str().to_owned());
        let span = span(&method, route.as_deref(), id);
        continue_trace(&span, request.headers());
        Self {
            start: Instant::now(),
            method,
            route,
            span,
            status: None,
            metrics: metrics.clone(),
            _active: metrics.request_began(),
            _open: request.extensions_mut().remove(),
            _draining: draining,
        }
    }

    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    pub(crate) fn answered(&mut self, status: StatusCode) {
        self.status = Some(status);
    }

    fn panicked(&self) {
        self.metrics.panicked(PanicPlace::Request);
        self.span.in_scope(|| tracing::error!("the body of an answer panicked"));
    }
}

fn span(method: &Method, route: Option<&str>, id: Uuid) -> Span {
    let (route, status) = (route.unwrap_or("none"), field::Empty);
    tracing::info_span!("request", %method, route, request_id = %id, status)
}

impl Drop for Answering {
    fn drop(&mut self) {
        let left = || StatusCode::from_u16(LEFT).expect("a number of three digits");
        let status = self.status.unwrap_or_else(left);
        let took = self.start.elapsed();
        let duration_ms = took.as_secs_f64() * 1_000.0;
        self.span.record("status", status.as_u16());
        self.span.in_scope(|| tracing::info!(status = status.as_u16(), duration_ms, "answered"));
        let (method, route, trace) = (&self.method, self.route.as_deref(), trace_id(&self.span));
        self.metrics.request_ended(Answered { method, route, status, took, trace });
    }
}

/// The body of an answer, with the request that it belongs to.
pub(crate) struct Watched {
    body: Body,
    answering: Answering,
}

impl Watched {
    pub(crate) fn new(body: Body, answering: Answering) -> Self {
        Self { body, answering }
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let Self { body, answering } = self.get_mut();
        let _inside = answering.span.clone().entered();
        let polled = catch_unwind(AssertUnwindSafe(|| Pin::new(&mut *body).poll_frame(cx)));
        polled.unwrap_or_else(|_| {
            answering.panicked();
            *body = Body::empty();
            // The answer has begun: all that is left is to break it off.
            Poll::Ready(Some(Err(Error::new("the answer cannot be finished"))))
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
