//! One JSON object a line: time, level, target, message, where in which trace, and the fields of
//! the event and of the spans around it, an inner one before an outer one of the same name.

use std::sync::OnceLock;

use opentelemetry::trace::TraceContextExt;
use serde_json::{Map, Value};
use tracing::{
    Dispatch, Event, Subscriber,
    dispatcher::WeakDispatch,
    span::{Attributes, Id, Record},
};
use tracing_opentelemetry::get_otel_context;
use tracing_subscriber::{
    Layer,
    fmt::{
        format::Writer,
        time::{FormatTime, SystemTime},
    },
    layer::Context,
    registry::LookupSpan,
};

use super::{Destination, fields::Cleaner, write_line};

/// What a line says by itself; a field of this name is written with `field.` before it.
const RESERVED: [&str; 5] = ["level", "span_id", "target", "timestamp", "trace_id"];

pub(super) struct Lines {
    destination: Destination,
    /// The subscriber that this is part of, to ask it for the trace.
    dispatch: OnceLock<WeakDispatch>,
}

/// The fields of a span, kept with it.
struct Fields(Map<String, Value>);

impl Lines {
    pub(super) fn new(destination: Destination) -> Self {
        Self { destination, dispatch: OnceLock::new() }
    }

    fn add_trace(&self, line: &mut Map<String, Value>, span: &Id) {
        let dispatch = self.dispatch.get().and_then(WeakDispatch::upgrade);
        let Some(around) = dispatch.and_then(|it| get_otel_context(span, &it)) else { return };
        let span = around.span().span_context().clone();
        if span.is_valid() {
            line.insert("trace_id".to_owned(), span.trace_id().to_string().into());
            line.insert("span_id".to_owned(), span.span_id().to_string().into());
        }
    }
}

impl<S> Layer<S> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_register_dispatch(&self, dispatch: &Dispatch) {
        let _ = self.dispatch.set(dispatch.downgrade());
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Map::new();
        attributes.record(&mut into(&mut fields));
        span.extensions_mut().insert(Fields(fields));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(fields) = span.extensions_mut().get_mut::<Fields>() {
            values.record(&mut into(&mut fields.0));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut line = Map::new();
        let about = event.metadata();
        line.insert("timestamp".to_owned(), now().into());
        line.insert("level".to_owned(), about.level().as_str().into());
        line.insert("target".to_owned(), about.target().into());
        let span = context.event_span(event);
        if let Some(span) = &span {
            self.add_trace(&mut line, &span.id());
        }
        for span in span.iter().flat_map(|it| it.scope().from_root()) {
            if let Some(fields) = span.extensions().get::<Fields>() {
                line.extend(fields.0.clone());
            }
        }
        event.record(&mut into(&mut line));
        let mut line = Value::Object(line).to_string();
        line.push('\n');
        write_line(&self.destination, &line);
    }
}

fn into(fields: &mut Map<String, Value>) -> Cleaner<impl FnMut(&str, super::fields::Clean)> {
    Cleaner::new(|name, value| {
        let is_reserved = RESERVED.contains(&name);
        let name = if is_reserved { format!("field.{name}") } else { name.to_owned() };
        fields.insert(name, value.into());
    })
}

fn now() -> String {
    let mut now = String::new();
    // Writing to a `String` does not fail.
    let _ = SystemTime.format_time(&mut Writer::new(&mut now));
    now
}
