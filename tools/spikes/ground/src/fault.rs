//! What went wrong, in words; a spike has nobody who would act on a kind.

use std::fmt::{self, Debug, Display};

/// What could not be done, and why.
pub struct Fault(String);

/// Says what was being done when something failed.
pub trait Doing<T> {
    /// The message completes "could not …".
    fn doing(self, what: &str) -> Result<T, Fault>;
}

impl<T, E: Debug> Doing<T> for Result<T, E> {
    fn doing(self, what: &str) -> Result<T, Fault> {
        self.map_err(|cause| Fault(format!("could not {what}: {cause:?}")))
    }
}

impl Fault {
    #[must_use]
    pub fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
