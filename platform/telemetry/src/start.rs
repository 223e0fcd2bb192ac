//! Starting and ending the telemetry of a process.

use std::{io, path::Path};

use opentelemetry_sdk::trace::SdkTracerProvider;
use thiserror::Error;
use tracing::Subscriber;
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt};

use crate::{
    logs::{self, Destination, Format},
    traces::{self, Traces},
};

/// What a process shows of itself.
#[derive(Debug, Clone)]
pub struct Settings {
    pub format: Format,
    /// What is logged, as in `warn,socle=info`; a directive that cannot be read is left out.
    pub filter: String,
    pub service: Service,
    /// Where spans go; nowhere, and at no cost, without it.
    pub traces: Option<Traces>,
}

/// Who speaks, on every span.
#[derive(Debug, Clone)]
pub struct Service {
    pub name: &'static str,
    pub version: &'static str,
}

/// Why telemetry could not start.
#[derive(Debug, Error)]
pub enum Error {
    #[error("could not prepare to send traces to `{endpoint}`")]
    Endpoint { endpoint: String, source: opentelemetry_otlp::ExporterBuildError },
    #[error("telemetry was started before in this process")]
    Started,
}

/// The telemetry that was started; it goes on when this is dropped.
#[derive(Debug, Clone)]
pub struct Telemetry {
    destination: Destination,
    spans: Option<SdkTracerProvider>,
}

impl Telemetry {
    /// Sends every log line from now on to a file instead of standard error; once in a process.
    pub fn continue_in(&self, path: &Path) -> io::Result<()> {
        self.destination.continue_in(path)
    }

    /// Sends the spans that have not been sent, and ends. Blocks, for seconds where nobody answers.
    pub fn end(&self) {
        let ended = self.spans.as_ref().map_or(Ok(()), SdkTracerProvider::shutdown);
        if let Err(error) = ended {
            tracing::warn!(%error, "the last spans could not be sent");
        }
    }
}

/// Starts the telemetry of this process, inside the Tokio runtime that is to send its spans.
pub fn start(settings: &Settings) -> Result<Telemetry, Error> {
    let (subscriber, telemetry) = subscriber(settings)?;
    tracing::subscriber::set_global_default(subscriber).map_err(|_| Error::Started)?;
    Ok(telemetry)
}

/// The same for whoever wants to set it for a part of a process only.
pub fn subscriber(
    settings: &Settings,
) -> Result<(impl Subscriber + Send + Sync, Telemetry), Error> {
    let destination = Destination::default();
    let lines = logs::layer_of(settings.format, destination.clone());
    let spans = settings.traces.as_ref().map(|it| traces::provider(it, &settings.service));
    let spans = spans.transpose()?;
    let subscriber = tracing_subscriber::registry()
        .with(spans.as_ref().map(traces::layer_of))
        .with(lines.with_filter(EnvFilter::new(&settings.filter)));
    Ok((subscriber, Telemetry { destination, spans }))
}
