//! Fields as people read them: the message, then `name=value`.

use std::fmt;

use tracing_subscriber::{
    field::RecordFields,
    fmt::{FormatFields, format::Writer},
};

use super::fields::{Clean, Cleaner};

/// Looks like the formatter of `tracing-subscriber`, whose fields are not scrubbed.
pub(super) struct Fields;

impl<'writer> FormatFields<'writer> for Fields {
    fn format_fields<R: RecordFields>(&self, mut out: Writer<'writer>, fields: R) -> fmt::Result {
        let mut written = Ok(());
        let mut separator = "";
        fields.record(&mut Cleaner::new(|name, value| {
            written = written.and_then(|()| field(&mut out, separator, name, &value));
            separator = " ";
        }));
        written
    }
}

fn field(out: &mut Writer<'_>, separator: &str, name: &str, value: &Clean) -> fmt::Result {
    out.write_str(separator)?;
    match (name, out.has_ansi_escapes()) {
        ("message", _) => {}
        (_, true) => write!(out, "\x1b[3m{name}\x1b[0m\x1b[2m=\x1b[0m")?,
        (_, false) => write!(out, "{name}=")?,
    }
    match value {
        Clean::Text(text) if name != "message" => write!(out, "{text:?}"),
        Clean::Text(text) | Clean::Shown(text) => harmless(out, text),
        Clean::Plain(value) => write!(out, "{value}"),
    }
}

/// No text from outside moves the cursor, recolours or renames the terminal that shows it.
fn harmless(out: &mut Writer<'_>, text: &str) -> fmt::Result {
    for it in text.chars() {
        match it {
            '\n' | '\t' => out.write_char(it)?,
            _ if it.is_control() => write!(out, "{}", it.escape_default())?,
            _ => out.write_char(it)?,
        }
    }
    Ok(())
}
