//! Traces: spans to a collector over OTLP, and the trace of a caller carried on.

mod propagation;
mod sampler;
mod scrubbed;
mod tail;

use std::time::Duration;

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{BatchSpanProcessor, SdkTracerProvider, SpanLimits},
};
use tracing::{Level, Subscriber};
use tracing_subscriber::{Layer, filter::Targets, registry::LookupSpan};

use crate::start::{Error, Service};

pub use propagation::{continue_trace, resume_trace, send_trace, trace_id, traceparent};

/// A collector that does not answer in this time gets the next batch, not this one.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(5);

/// Where spans go, and which.
#[derive(Debug, Clone)]
pub struct Traces {
    /// The collector's gRPC address, as in `http://127.0.0.1:4317`.
    pub endpoint: String,
    /// The part of the traces that begin here and are always sent, 0 to 1. Of the others those
    /// with an error and those that take longer than [`SLOW`](Self::SLOW) are sent as well.
    pub sampled: f64,
}

impl Traces {
    /// What takes longer is worth a trace.
    pub const SLOW: Duration = Duration::from_millis(500);
}

pub(crate) fn provider(traces: &Traces, service: &Service) -> Result<SdkTracerProvider, Error> {
    let exporter = SpanExporter::builder()
        .with_tonic()
        .with_endpoint(&traces.endpoint)
        .with_timeout(EXPORT_TIMEOUT)
        .build()
        .map_err(|source| Error::Endpoint { endpoint: traces.endpoint.clone(), source })?;
    let batches = BatchSpanProcessor::builder(scrubbed::Scrubbed(exporter)).build();
    let resource = Resource::builder_empty()
        .with_service_name(service.name)
        .with_attribute(opentelemetry::KeyValue::new("service.version", service.version))
        .build();
    Ok(SdkTracerProvider::builder()
        .with_sampler(sampler::RecordAll::new(traces.sampled))
        .with_span_processor(tail::Tail::new(batches))
        .with_span_limits(SpanLimits::default())
        .with_resource(resource)
        .build())
}

/// Spans of our own crates; a library's would drown them.
pub(crate) fn layer_of<S>(provider: &SdkTracerProvider) -> impl Layer<S> + use<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let spans = Targets::new().with_target("socle", Level::INFO);
    tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("socle"))
        .with_threads(false)
        .with_location(false)
        .with_filter(spans)
}
