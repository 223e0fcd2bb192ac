//! Why a command stopped, and what the person at the prompt does about it.

use std::{error::Error, fmt};

/// What went wrong, and the next thing to do; both are for people, nobody branches on them.
#[derive(Debug)]
pub struct Failure {
    what: String,
    next: String,
}

impl Failure {
    pub(crate) fn new(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self { what: what.into(), next: next.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}\n next: {}", self.what, self.next)
    }
}

impl Error for Failure {}
