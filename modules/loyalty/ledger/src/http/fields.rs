//! What bodies and queries are made of: texts with rules, currencies, moments within reason.

use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, de::Error};
use socle_books::Memo;
use socle_kernel::{Currency, Cx, Day, Rule, Text, Timestamp};

use super::metadata::Metadata;

/// The rule of a merchant's reference of a purchase.
pub(super) enum PurchaseReference {}
/// What the merchant calls a purchase: `order-1001`.
pub(super) type Reference = Text<PurchaseReference>;

impl Rule for PurchaseReference {
    const NAME: &str = "PurchaseReference";
    const CHARS_MAX: usize = 100;
}

/// The rule of a reason.
pub(super) enum ReasonText {}
/// Why something is done, for people.
pub(super) type Reason = Text<ReasonText>;

impl Rule for ReasonText {
    const NAME: &str = "Reason";
    const CHARS_MAX: usize = 500;
}

/// The rule of a transaction's kind.
pub(super) enum KindName {}
/// The caller's word for a transaction: `sale`, `payout`.
pub(super) type KindOf = Text<KindName>;

impl Rule for KindName {
    const NAME: &str = "TransactionKind";
    const CHARS_MAX: usize = 40;
    const PATTERN: &str = "^[A-Za-z0-9._:-]+$";

    fn admits(it: char) -> bool {
        it.is_ascii_alphanumeric() || matches!(it, '.' | '_' | '-' | ':')
    }
}

/// A currency by its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CurrencyCode(pub(super) Currency);

impl Hash for CurrencyCode {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.code().hash(state);
    }
}

impl<'de> Deserialize<'de> for CurrencyCode {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let code = String::deserialize(from)?;
        Currency::try_new(&code).map(Self).map_err(D::Error::custom)
    }
}

/// A moment within reason: of the years 1900 to 2199.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Moment(pub(super) Timestamp);

/// A moment, or the end of a day, within reason.
#[derive(Debug, Clone, Copy)]
pub(super) struct At(pub(super) Timestamp);

/// A day within reason.
#[derive(Debug, Clone, Copy)]
pub(super) struct Date(pub(super) Day);

/// Seconds from 1970 to the start of 1900 and of 2200: a year beyond is a slip of the pen.
const REASON: std::ops::Range<i64> = -2_208_988_800..7_258_118_400;

fn within<E: Error>(at: Timestamp) -> Result<Timestamp, E> {
    let is_within = REASON.contains(&at.micros().div_euclid(1_000_000));
    is_within.then_some(at).ok_or_else(|| E::custom("a time is of the years 1900 to 2199"))
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let at = String::deserialize(from)?;
        let is_day = at.parse::<Day>().is_ok();
        let at = Some(at).filter(|_| !is_day).and_then(|it| it.parse().ok());
        within(at.ok_or_else(|| D::Error::custom("a moment reads 1998-06-30T12:00:00Z"))?).map(Self)
    }
}

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        within(String::deserialize(from)?.parse().map_err(D::Error::custom)?).map(Self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let day = Day::deserialize(from)?;
        within(day.start()).map(|_| Self(day))
    }
}

/// The first day within reason.
pub(super) fn first_day() -> Day {
    "1900-01-01".parse().expect("it reads like a day")
}

/// The moment that is asked about; now, when none is.
pub(super) fn moment(at: Option<At>, cx: &Cx) -> Timestamp {
    at.map_or(cx.now, |it| it.0)
}

/// What goes with a transaction.
pub(super) fn memo(reason: Option<Reason>, metadata: Metadata) -> Memo {
    Memo { reason: reason.map(|it| it.to_string()), metadata: metadata.pairs() }
}
