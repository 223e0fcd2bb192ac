//! Checked quantities of value.

use std::{fmt, ops::Neg, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Rule, Text};

/// A quantity of one asset, in its smallest unit; may be negative.
///
/// Sums are checked. The range is symmetric, so that every amount has its opposite.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, sqlx::Type,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Amount(i64);

/// The result does not fit: beyond 2⁶³ − 1 either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("that is no amount: whole smallest units, at most 9223372036854775807 either way")]
pub struct TooLarge;

/// The rule of an asset's code.
pub enum AssetCode {}
/// What is counted: `USD`, or the points of a programme, `PTS.prog_0198…`.
pub type Asset = Text<AssetCode>;

impl Rule for AssetCode {
    const NAME: &str = "Asset";
    const CHARS_MAX: usize = 48;
    const PATTERN: &str = "^[A-Za-z0-9._:-]+$";

    fn admits(it: char) -> bool {
        it.is_ascii_alphanumeric() || matches!(it, '.' | '_' | '-' | ':')
    }
}

impl Amount {
    pub const ZERO: Self = Self(0);
    pub const MAX: Self = Self(i64::MAX);

    /// `minor` smallest units; `i64::MIN`, which has no opposite, is refused.
    pub fn try_new(minor: i64) -> Result<Self, TooLarge> {
        if minor == i64::MIN { Err(TooLarge) } else { Ok(Self(minor)) }
    }

    /// In smallest units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// The sum, if it fits.
    pub fn plus(self, other: Self) -> Result<Self, TooLarge> {
        self.0.checked_add(other.0).map_or(Err(TooLarge), Self::try_new)
    }

    /// The difference, if it fits.
    pub fn minus(self, other: Self) -> Result<Self, TooLarge> {
        self.plus(-other)
    }

    /// The sum of many, if every step fits.
    pub fn sum(all: impl IntoIterator<Item = Self>) -> Result<Self, TooLarge> {
        all.into_iter().try_fold(Self::ZERO, Self::plus)
    }

    #[must_use]
    pub const fn is_positive(self) -> bool {
        0 < self.0
    }

    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl From<i32> for Amount {
    fn from(minor: i32) -> Self {
        Self(minor.into())
    }
}

impl From<u32> for Amount {
    fn from(minor: u32) -> Self {
        Self(minor.into())
    }
}

impl Neg for Amount {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Amount {
    type Err = TooLarge;

    /// A whole number with an optional sign.
    fn from_str(text: &str) -> Result<Self, TooLarge> {
        text.parse().map_or(Err(TooLarge), Self::try_new)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::try_new(i64::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}
