//! Why nothing could be measured.

use std::{error::Error, fmt, iter};

/// The run cannot go on; told once, at its end.
pub(crate) struct Failed(pub(crate) String);

impl Failed {
    pub(crate) fn because(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl<E: Error + 'static> From<E> for Failed {
    fn from(error: E) -> Self {
        let first: &(dyn Error + 'static) = &error;
        let causes = iter::successors(Some(first), |it| it.source()).map(ToString::to_string);
        Self(causes.collect::<Vec<_>>().join(": "))
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
