//! Why the campaign cannot go on. What a check finds is no failure of the tool.

use std::{error::Error, fmt};

/// The run cannot go on; told once, at its end.
#[derive(Debug)]
pub(crate) struct Failed(pub(crate) String);

impl Failed {
    pub(crate) fn because(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl<E: Error + 'static> From<E> for Failed {
    fn from(error: E) -> Self {
        let mut what = error.to_string();
        let mut cause = error.source();
        while let Some(it) = cause {
            what = format!("{what}: {it}");
            cause = it.source();
        }
        Self(what)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
