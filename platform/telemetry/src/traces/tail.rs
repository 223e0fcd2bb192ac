//! Traces that nobody drew and that turn out to matter: with an error, or slow.
//!
//! Their spans wait until the span ends that began in this process. Callers were told that they are
//! not sampled, so what other processes did in them is missing unless they decide alike.

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use opentelemetry::{
    Context, TraceFlags,
    trace::{Span as _, SpanContext, SpanId, Status, TraceContextExt, TraceId},
};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{Span, SpanData, SpanProcessor},
};

use super::Traces;

/// Traces that wait at once, and spans of one; what is beyond is judged by its draw alone.
const TRACES_MAX: usize = 4096;
const SPANS_MAX: usize = 256;

#[derive(Debug)]
pub(super) struct Tail<P> {
    next: P,
    open: Mutex<HashMap<TraceId, Open>>,
}

#[derive(Debug, Default)]
struct Open {
    roots: usize,
    spans: Vec<SpanData>,
    is_kept: bool,
}

impl<P> Tail<P> {
    pub(super) fn new(next: P) -> Self {
        Self { next, open: Mutex::default() }
    }

    fn begin(&self, trace: TraceId) {
        // A thread that died in here left a map that is whole.
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() < TRACES_MAX || open.contains_key(&trace) {
            open.entry(trace).or_default().roots += 1;
        }
    }

    /// The spans that are to be sent now that this one has ended.
    fn settle(&self, span: SpanData) -> Vec<SpanData> {
        let trace = span.span_context.trace_id();
        let mut all = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(open) = all.get_mut(&trace) else { return Vec::new() };
        let is_root = span.parent_span_id == SpanId::INVALID || span.parent_span_is_remote;
        let took = span.end_time.duration_since(span.start_time).unwrap_or_default();
        open.is_kept |= matches!(span.status, Status::Error { .. });
        open.is_kept |= is_root && Traces::SLOW < took;
        if open.spans.len() < SPANS_MAX || is_root {
            open.spans.push(span);
        }
        open.roots = open.roots.saturating_sub(usize::from(is_root));
        let spans = if open.is_kept { mem::take(&mut open.spans) } else { Vec::new() };
        if open.roots == 0 {
            all.remove(&trace);
        }
        spans
    }
}

impl<P: SpanProcessor> SpanProcessor for Tail<P> {
    fn on_start(&self, span: &mut Span, parent: &Context) {
        let parent = parent.span().span_context().clone();
        let is_root = !parent.is_valid() || parent.is_remote();
        if is_root && !span.span_context().is_sampled() {
            self.begin(span.span_context().trace_id());
        }
        self.next.on_start(span, &Context::new());
    }

    fn on_end(&self, span: SpanData) {
        if span.span_context.is_sampled() {
            return self.next.on_end(span);
        }
        for span in self.settle(span) {
            self.next.on_end(sampled(span));
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.next.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.next.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.next.set_resource(resource);
    }
}

/// What is not marked as sampled is not sent.
fn sampled(span: SpanData) -> SpanData {
    let was = &span.span_context;
    let span_context = SpanContext::new(
        was.trace_id(),
        was.span_id(),
        was.trace_flags() | TraceFlags::SAMPLED,
        was.is_remote(),
        was.trace_state().clone(),
    );
    SpanData { span_context, ..span }
}
