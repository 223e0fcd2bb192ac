//! What a command answers with `--json`: one flat object on the last line of its output.

use crate::Failure;

/// An answer, and the command that gave it.
pub struct Answer {
    pub command: String,
    pub object: String,
}

impl Answer {
    /// Fails unless the member has this value, as JSON writes it.
    pub fn says(&self, name: &str, expected: &str) -> Result<(), Failure> {
        let found = member(&self.object, name);
        if found == Some(expected) {
            return Ok(());
        }
        Err(Failure::new(
            format!("`{}` says {name} = {found:?}, expected {expected}", self.command),
            format!("the whole answer was: {}", self.object),
        ))
    }
}

impl Answer {
    /// What a member says that is a text without a comma, a quote or a brace.
    pub fn text(&self, name: &str) -> Result<String, Failure> {
        let found = member(&self.object, name).map(|it| it.trim_matches('"'));
        found.map(str::to_owned).ok_or_else(|| {
            Failure::new(
                format!("`{}` does not say {name}", self.command),
                "its answer has changed",
            )
        })
    }
}

/// The text of a number, a boolean or an empty list. Strings and nested values are not read.
#[must_use]
pub fn member<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = object.split_once(&format!("\"{name}\":"))?;
    let end = rest.find([',', '}'])?;
    Some(rest[..end].trim())
}
