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
