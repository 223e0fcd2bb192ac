//! Points in time, and days of the calendar; all in UTC.

use std::{fmt, str::FromStr, time::Duration};

use jiff::{Span, civil, tz::TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A point in time, in UTC; whole microseconds, as PostgreSQL stores them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct Timestamp(jiff_sqlx::Timestamp);

/// A day of the calendar, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct Day(jiff_sqlx::Date);

/// The text is neither a day nor a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a day reads 1998-06-30, a point in time 1998-06-30T12:00:00Z")]
pub struct NotATime;

impl Timestamp {
    /// The wall clock, for the edges alone: everything below them reads [`Cx::now`](crate::Cx).
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that owns a clock")]
    pub fn now() -> Self {
        jiff::Timestamp::now().into()
    }

    /// As a value to reckon with.
    #[must_use]
    pub fn to_jiff(self) -> jiff::Timestamp {
        self.0.to_jiff()
    }

    /// The day it falls on.
    #[must_use]
    pub fn day(self) -> Day {
        Day::from(self.to_jiff().to_zoned(TimeZone::UTC).date())
    }

    /// Later by `duration`, or the end of time.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        self.to_jiff().checked_add(duration).unwrap_or(jiff::Timestamp::MAX).into()
    }

    /// Microseconds since 1970.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.to_jiff().as_microsecond()
    }
}

impl Day {
    /// Its first moment.
    #[must_use]
    pub fn start(self) -> Timestamp {
        let midnight = self.to_jiff().to_zoned(TimeZone::UTC);
        midnight.map_or(jiff::Timestamp::MAX, |it| it.timestamp()).into()
    }

    /// Its last moment: what "on that day" means for a balance.
    #[must_use]
    pub fn end(self) -> Timestamp {
        let next = self.plus_days(1).start().micros();
        jiff::Timestamp::from_microsecond(next - 1).unwrap_or(jiff::Timestamp::MAX).into()
    }

    /// The day `days` later, or the last day there is.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        self.plus(Span::new().days(days))
    }

    /// The same day `months` later, the last of a shorter month, or the last day there is.
    #[must_use]
    pub fn plus_months(self, months: u16) -> Self {
        self.plus(Span::new().months(i32::from(months)))
    }

    fn plus(self, span: Span) -> Self {
        self.to_jiff().saturating_add(span).into()
    }

    /// As a value to reckon with.
    #[must_use]
    pub fn to_jiff(self) -> civil::Date {
        self.0.to_jiff()
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(at: jiff::Timestamp) -> Self {
        let whole = jiff::Timestamp::from_microsecond(at.as_microsecond());
        Self(whole.unwrap_or(at).into())
    }
}

impl From<civil::Date> for Day {
    fn from(day: civil::Date) -> Self {
        Self(day.into())
    }
}

impl FromStr for Day {
    type Err = NotATime;

    /// `1998-06-30` and nothing else.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let day: civil::Date = text.parse().map_err(|_| NotATime)?;
        Some(Self::from(day)).filter(|it| it.to_string() == text).ok_or(NotATime)
    }
}

impl FromStr for Timestamp {
    type Err = NotATime;

    /// A point in time, or a day, which means its end.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let moment = || text.parse::<jiff::Timestamp>().map(Self::from).map_err(|_| NotATime);
        match text.parse::<Day>() {
            // The last day there is has no end that can be told.
            Ok(day) => Some(day.end()).filter(|it| it.day() == day).ok_or(NotATime),
            Err(_) => moment(),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_jiff().fmt(f)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_jiff().fmt(f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        // The parser's own words would quote the text.
        let at = text.parse::<jiff::Timestamp>().map_err(|_| D::Error::custom(NotATime))?;
        Ok(at.into())
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}
