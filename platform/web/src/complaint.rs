//! What is wrong with a body or a parameter, said without repeating it.
//!
//! Messages of `serde` quote what they found; only what they expected is passed on.

use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

use crate::{Problem, Refusal};

/// The longest pointer: deeper is no body of ours.
const POINTER_CHARS_MAX: usize = 200;

/// A JSON pointer to where reading stopped. Names of fields are ours: nothing else gets that far,
/// because unknown ones are refused by the object that they stand in.
pub(crate) fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer.chars().take(POINTER_CHARS_MAX).collect()
}

/// The refusal of a body that is no JSON, or not the JSON that was asked for.
pub(crate) fn of_body(pointer: &str, error: &serde_json::Error) -> Problem {
    if error.classify() != Category::Data {
        return Refusal::BodyMalformed.into();
    }
    let (pointer, says) = expected(pointer, &error.to_string());
    Problem::from(Refusal::BodyInvalid).at(pointer, says)
}

/// What was expected, out of a message that may also quote what was found; and where.
pub(crate) fn expected(pointer: &str, message: &str) -> (String, String) {
    let message = message.split(" at line ").next().unwrap_or_default();
    if message.starts_with("unknown field") {
        // The last name of the pointer is the caller's own.
        let object = pointer.rsplit_once('/').map_or("", |(object, _)| object);
        let fields = message.split_once("expected ").map_or("none", |(_, it)| it);
        return (object.to_owned(), format!("a field is not known; expected {fields}"));
    }
    let quotes = ["invalid type", "invalid value", "invalid length", "unknown variant"];
    if quotes.iter().any(|it| message.starts_with(it)) {
        let wanted = message.rsplit_once("expected ").map_or("something else", |(_, it)| it);
        return (pointer.to_owned(), format!("expected {wanted}"));
    }
    (pointer.to_owned(), message.to_owned())
}
