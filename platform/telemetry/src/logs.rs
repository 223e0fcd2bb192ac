//! Log lines: text for a terminal, JSON for a collector. Both write only what `fields` hands on.

mod destination;
mod fields;
mod json;
mod text;

use std::{fmt, io};

use tracing::Subscriber;
use tracing_subscriber::{
    Layer,
    fmt::{MakeWriter, layer},
    registry::LookupSpan,
};

pub(crate) use destination::Destination;

/// How a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people, in colour where standard error is a terminal.
    Text,
    /// One JSON object a line.
    Json,
}

impl fmt::Display for Format {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

/// The layer that writes the lines.
pub(crate) fn layer_of<S>(
    format: Format,
    destination: Destination,
) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    match format {
        Format::Text => Box::new(
            layer()
                .fmt_fields(text::Fields)
                .with_target(false)
                .with_ansi(io::IsTerminal::is_terminal(&io::stderr()))
                .with_writer(destination),
        ),
        Format::Json => Box::new(json::Lines::new(destination)),
    }
}

/// Writes a whole line at once, so that lines of threads do not mix. A log that cannot be written
/// has nowhere to say so.
fn write_line(destination: &Destination, line: &str) {
    let _ = io::Write::write_all(&mut destination.make_writer(), line.as_bytes());
}
