//! How many times a thing has changed.

use std::{num::ParseIntError, str::FromStr};

use serde::{Deserialize, Serialize};
use sqlx::Type;

/// Counts the changes of one aggregate from 1; the `sequence` of its events, and its `ETag`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[sqlx(transparent)]
pub struct Revision(i64);

impl Revision {
    /// A thing that has just come to be.
    pub const FIRST: Self = Self(1);

    /// The revision that somebody else counted.
    ///
    /// # Panics
    ///
    /// Unless `count` is positive.
    #[must_use]
    pub const fn counted(count: i64) -> Self {
        assert!(0 < count, "counting starts at one");
        Self(count)
    }

    /// The revision after this one.
    ///
    /// # Panics
    ///
    /// After 2⁶³ changes.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.checked_add(1).expect("nothing changes that often"))
    }
}

impl FromStr for Revision {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Self)
    }
}

impl std::fmt::Display for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
