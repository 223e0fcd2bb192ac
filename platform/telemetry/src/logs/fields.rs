//! The one way from a field to a line: private names lose their values, texts are scrubbed.

use std::{
    error::Error,
    fmt::{self, Debug, Write},
};

use serde_json::Value;
use tracing::field::{Field, Visit};

use crate::scrub::{SECRET, is_private, scrub_bounded};

/// Errors are followed to their causes this far.
const CAUSES_MAX: usize = 16;

/// A value that may be written.
pub(super) enum Clean {
    /// Was a text.
    Text(String),
    /// Was shown by its `Display` or `Debug`.
    Shown(String),
    /// A number or a truth.
    Plain(Value),
}

impl From<Clean> for Value {
    fn from(value: Clean) -> Self {
        match value {
            Clean::Text(text) | Clean::Shown(text) => Self::String(text),
            Clean::Plain(value) => value,
        }
    }
}

/// Hands each field on, by its name.
pub(super) struct Cleaner<F> {
    write: F,
}

impl<F: FnMut(&str, Clean)> Cleaner<F> {
    pub(super) fn new(write: F) -> Self {
        Self { write }
    }

    fn text(&mut self, name: &str, text: &str, clean: fn(String) -> Clean) {
        let name = name.strip_prefix("r#").unwrap_or(name);
        let text = if is_private(name) { SECRET.into() } else { scrub_bounded(text) };
        (self.write)(name, clean(text.into_owned()));
    }

    /// A number may be a card or a telephone number as well.
    fn number(&mut self, field: &Field, value: Value) {
        let text = value.to_string();
        if is_private(field.name()) || scrub_bounded(&text) != text {
            return (self.write)(field.name(), Clean::Shown(SECRET.to_owned()));
        }
        (self.write)(field.name(), Clean::Plain(value));
    }
}

impl<F: FnMut(&str, Clean)> Visit for Cleaner<F> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut shown = String::new();
        // A value whose formatting fails is written as far as it came.
        let _ = write!(shown, "{value:?}");
        self.text(field.name(), &shown, Clean::Shown);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field.name(), value, Clean::Text);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.text(field.name(), &value.to_string(), Clean::Shown);
        let causes = Causes(value);
        if value.source().is_some() {
            self.text(&format!("{}.sources", field.name()), &causes.to_string(), Clean::Shown);
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.number(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.number(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.number(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        (self.write)(field.name(), Clean::Plain(value.into()));
    }
}

struct Causes<'a>(&'a (dyn Error + 'static));

impl fmt::Display for Causes<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cause = self.0.source();
        let mut separator = "[";
        for _ in 0..CAUSES_MAX {
            let Some(error) = cause else { break };
            write!(out, "{separator}{error}")?;
            (separator, cause) = (", ", error.source());
        }
        out.write_str("]")
    }
}
