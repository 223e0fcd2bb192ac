//! What is wrong with a body or a parameter, said without repeating it.
//!
//! Messages of `serde` quote what they found; only what they expected is passed on. What our own
//! types say of a text is passed on whole: they never quote it.

use std::collections::HashSet;

use serde_json::{Value, error::Category};
use serde_path_to_error::{Path, Segment};
use utoipa::{IntoParams, ToSchema};

use crate::{Problem, Refusal};

/// The names that a description gives to fields or parameters. Any other is the caller's own.
pub(crate) struct Known(HashSet<String>);

impl Known {
    pub(crate) fn of_body<T: ToSchema>() -> Self {
        let mut schemas = vec![(String::new(), T::schema())];
        T::schemas(&mut schemas);
        let mut names = HashSet::new();
        // A description that cannot be written names nothing: pointers stay short then.
        properties(&serde_json::to_value(schemas).unwrap_or_default(), &mut names);
        Self(names)
    }

    pub(crate) fn of_query<T: IntoParams>() -> Self {
        Self(T::into_params(|| None).into_iter().map(|it| it.name).collect())
    }

    /// A JSON pointer to where reading stopped, or to what holds it where that is named by the
    /// caller.
    pub(crate) fn pointer(&self, path: &Path) -> String {
        // The empty name of the whole: what follows it begins with a slash.
        let mut pointer = vec![String::new()];
        for segment in path {
            match segment {
                Segment::Seq { index } => pointer.push(index.to_string()),
                Segment::Map { key } if self.0.contains(key) => {
                    pointer.push(key.replace('~', "~0").replace('/', "~1"));
                }
                Segment::Map { .. } => break,
                Segment::Enum { .. } | Segment::Unknown => {}
            }
        }
        pointer.join("/")
    }
}

fn properties(schema: &Value, names: &mut HashSet<String>) {
    match schema {
        Value::Object(parts) => {
            let fields = parts.get("properties").and_then(Value::as_object);
            names.extend(fields.into_iter().flat_map(|it| it.keys().cloned()));
            parts.values().for_each(|it| properties(it, names));
        }
        Value::Array(parts) => parts.iter().for_each(|it| properties(it, names)),
        _ => {}
    }
}

/// The refusal of a body that is no JSON, or not the JSON that was asked for.
pub(crate) fn of_body(pointer: &str, error: &serde_json::Error) -> Problem {
    if error.classify() != Category::Data {
        return Refusal::BodyMalformed.into();
    }
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(&*message, |(it, _)| it);
    Problem::from(Refusal::BodyInvalid).at(pointer, expected(message))
}

/// What was expected, out of a message that may also quote what was found.
pub(crate) fn expected(message: &str) -> String {
    let quotes =
        ["invalid type", "invalid value", "invalid length", "unknown variant", "unknown field"];
    if !quotes.iter().any(|it| message.starts_with(it)) {
        return message.to_owned();
    }
    // The last one: what was found stands before it, and may itself say that it expects something.
    let wanted = message.rsplit_once("expected ").map_or("nothing", |(_, it)| it);
    let what = if message.starts_with("unknown field") { "a field is not known; " } else { "" };
    format!("{what}expected {wanted}")
}
