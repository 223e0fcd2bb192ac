//! The W3C headers `traceparent` and `tracestate`, in and out.

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::{
    propagation::{Extractor, Injector, TextMapPropagator},
    trace::{TraceContextExt, TraceId},
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Makes `span` a part of its caller's trace. It must be new: a span in which something was logged
/// has begun a trace of its own.
pub fn continue_trace(span: &Span, headers: &HeaderMap) {
    let caller = TraceContextPropagator::new().extract(&Received(headers));
    if caller.span().span_context().is_valid() {
        // Without a subscriber for traces there is nothing to be part of.
        let _ = span.set_parent(caller);
    }
}

/// Tells whoever is asked with these headers which trace they are part of.
pub fn send_trace(span: &Span, headers: &mut HeaderMap) {
    TraceContextPropagator::new().inject_context(&span.context(), &mut Sent(headers));
}

/// The trace that `span` is part of, 32 hexadecimal digits, for an exemplar or an answer; none when
/// nothing is traced.
#[must_use]
pub fn trace_id(span: &Span) -> Option<String> {
    let around = span.context();
    let trace = around.span().span_context().trace_id();
    (trace != TraceId::INVALID).then(|| trace.to_string())
}

/// What tells whoever works on it later which trace `span` is part of, as in a `traceparent`
/// header; none when nothing is traced.
#[must_use]
pub fn traceparent(span: &Span) -> Option<String> {
    let mut headers = HeaderMap::new();
    send_trace(span, &mut headers);
    headers.get("traceparent")?.to_str().ok().map(str::to_owned)
}

/// Makes `span` a part of the trace that a [`traceparent`] names; it must be new, as for
/// [`continue_trace`].
pub fn resume_trace(span: &Span, traceparent: &str) {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::try_from(traceparent) {
        headers.insert("traceparent", value);
        continue_trace(span, &headers);
    }
}

struct Received<'a>(&'a HeaderMap);

impl Extractor for Received<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}

struct Sent<'a>(&'a mut HeaderMap);

impl Injector for Sent<'_> {
    fn set(&mut self, name: &str, value: String) {
        // An empty `tracestate` says nothing.
        let value = HeaderValue::try_from(value).ok().filter(|it| !it.is_empty());
        if let (Ok(name), Some(value)) = (HeaderName::try_from(name), value) {
            self.0.insert(name, value);
        }
    }
}
