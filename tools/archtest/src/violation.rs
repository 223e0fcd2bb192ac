//! What a rule answers.

use std::fmt;

/// A place that breaks a rule, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// From the root of the workspace.
    pub path: String,
    /// Counted from 1.
    pub line: usize,
    pub what: String,
    pub remedy: &'static str,
}

impl Violation {
    pub(crate) fn new(path: &str, line: usize, what: String, remedy: &'static str) -> Self {
        Self { path: path.to_owned(), line, what, remedy }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, what, remedy } = self;
        write!(f, "{path}:{line}: {what}; {remedy}")
    }
}
