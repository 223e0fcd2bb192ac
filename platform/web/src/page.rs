//! Pages: the rows after one that was seen. A cursor is the name of that row and no secret.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, PartialSchema, ToSchema};

/// The most rows of a page: what a screen scrolls and an answer holds without thought.
pub const PAGE_MAX: u16 = 200;

/// A page of rows.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// What to send as `after` for the page that follows; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Which page, of rows that have identifiers.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AfterId<I: PartialSchema> {
    /// `next` of the page before.
    #[param(inline)]
    pub after: Option<I>,
    /// At most so many rows.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<Limit>,
}

/// Which page, of rows that are counted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AfterNumber {
    /// `next` of the page before; 0 or nothing for the first.
    #[param(value_type = Option<i64>, minimum = 0)]
    pub after: Option<Place>,
    /// At most so many rows.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<Limit>,
}

/// How many rows, from 1 to [`PAGE_MAX`].
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(try_from = "u16")]
pub struct Limit(u16);

/// How many rows lie before a page.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(try_from = "i64")]
pub struct Place(i64);

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl TryFrom<u16> for Limit {
    type Error = String;

    fn try_from(rows: u16) -> Result<Self, String> {
        let fits = (1..=PAGE_MAX).contains(&rows);
        fits.then_some(Self(rows)).ok_or_else(|| format!("a page has 1 to {PAGE_MAX} rows"))
    }
}

impl TryFrom<i64> for Place {
    type Error = &'static str;

    fn try_from(rows: i64) -> Result<Self, &'static str> {
        if rows < 0 { Err("a place is 0 or more") } else { Ok(Self(rows)) }
    }
}

impl<T> Page<T> {
    /// The page of `rows`, of which one more than `limit` was asked for, to know whether another
    /// page follows; `name` is how a row is named as a cursor.
    pub fn of<R>(
        mut rows: Vec<R>,
        limit: Limit,
        name: impl FnOnce(&R) -> String,
        view: impl FnMut(R) -> T,
    ) -> Self {
        let has_more = limit.rows() < rows.len();
        rows.truncate(limit.rows());
        let next = rows.last().filter(|_| has_more).map(name);
        Self { items: rows.into_iter().map(view).collect(), next }
    }
}

impl Limit {
    #[must_use]
    pub fn rows(self) -> usize {
        self.0.into()
    }

    /// One row more, which tells whether another page follows.
    #[must_use]
    pub fn and_one(self) -> i64 {
        i64::from(self.0) + 1
    }
}

impl Place {
    #[must_use]
    pub fn number(self) -> i64 {
        self.0
    }
}

impl<I: PartialSchema> AfterId<I> {
    #[must_use]
    pub fn limit(&self) -> Limit {
        self.limit.unwrap_or_default()
    }
}

impl AfterNumber {
    #[must_use]
    pub fn limit(&self) -> Limit {
        self.limit.unwrap_or_default()
    }

    #[must_use]
    pub fn after(&self) -> i64 {
        self.after.unwrap_or_default().number()
    }
}
