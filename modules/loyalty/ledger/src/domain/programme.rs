//! Programmes: how many points a purchase earns, and how long they live.

use socle_kernel::{Amount, Asset, Common, Currency, Cx, Money, Rule, TenantId, Text, Timestamp};
use socle_ledger_contract::ProgrammeId;

use crate::Error;

/// The rule of a programme's name.
pub enum NameOfProgramme {}
/// What a programme is called; unique within a tenant.
pub type ProgrammeName = Text<NameOfProgramme>;

impl Rule for NameOfProgramme {
    const NAME: &str = "ProgrammeName";
    const CHARS_MAX: usize = 100;
}

/// Points for whole units of a currency: 1 for each 1, 3 for each 10.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EarnRate {
    pub points: u32,
    pub per_units: u32,
}

/// What becomes of a part of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    Down,
    HalfUp,
    Up,
}

/// A programme to be defined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProgramme {
    pub name: ProgrammeName,
    pub currency: Currency,
    pub rate: EarnRate,
    pub rounding: Rounding,
    /// Smallest units of the currency; a smaller purchase earns nothing.
    pub minimum: Amount,
    /// How many months points live; `None`: for ever.
    pub life_months: Option<u16>,
    /// Smallest units of the currency that 1,000 points are worth: values the liability.
    pub worth: Amount,
}

/// The rules by which a merchant gives points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programme {
    pub tenant: TenantId,
    pub id: ProgrammeId,
    pub rules: NewProgramme,
    pub created_at: Timestamp,
}

impl Rounding {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::HalfUp => "half-up",
            Self::Up => "up",
        }
    }

    /// The rounding that is called so.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        [Self::Down, Self::HalfUp, Self::Up].into_iter().find(|it| it.as_str() == text)
    }
}

impl Programme {
    /// `id` is where a repetition finds it.
    pub(crate) fn define(cx: &Cx, id: ProgrammeId, rules: NewProgramme) -> Result<Self, Error> {
        let EarnRate { points, per_units } = rules.rate;
        if points == 0 || per_units == 0 || rules.minimum.is_negative() || rules.worth.is_negative()
        {
            return Err(Error::Programme("a rate is positive, a minimum and a worth not negative"));
        }
        if rules.life_months == Some(0) {
            return Err(Error::Programme("points live a month at least"));
        }
        Ok(Self { tenant: cx.tenant, id, rules, created_at: cx.now })
    }

    /// Another tenant's programme is not there.
    pub(crate) fn visible_to(&self, cx: &Cx) -> Result<&Self, Common> {
        let is_own = self.tenant == cx.tenant;
        is_own.then_some(self).ok_or_else(|| Common::NotFound(self.id.to_string()))
    }

    /// What its points are called in the books.
    ///
    /// # Panics
    ///
    /// Never: the identifier obeys the rule of an asset's code.
    #[must_use]
    pub fn asset(&self) -> Asset {
        Asset::try_new(&format!("PTS.{}", self.id)).expect("an identifier fits an asset's code")
    }

    /// The points that a purchase earns; rounded once, so a purchase is never split.
    pub fn points_for(&self, purchase: Money) -> Result<Amount, Error> {
        let rules = &self.rules;
        if purchase.currency != rules.currency {
            return Err(Error::Currency { expected: rules.currency.code() });
        }
        if purchase.amount < rules.minimum || purchase.amount.is_negative() {
            return Ok(Amount::ZERO);
        }
        let whole = i128::from(purchase.amount.minor()) * i128::from(rules.rate.points);
        let per = i128::from(rules.currency.minor_per_unit()) * i128::from(rules.rate.per_units);
        let points = match rules.rounding {
            Rounding::Down => whole / per,
            Rounding::HalfUp => (2 * whole + per) / (2 * per),
            Rounding::Up => (whole + per - 1) / per,
        };
        let points = i64::try_from(points).ok().and_then(|it| Amount::try_new(it).ok());
        points.ok_or(Error::TooLarge)
    }

    /// When points earned at a moment are worth nothing: the start of a day, some months later.
    #[must_use]
    pub fn expiry(&self, earned_at: Timestamp) -> Option<Timestamp> {
        let months = self.rules.life_months?;
        Some(earned_at.day().plus_months(months).start())
    }

    /// What a number of points is worth, in smallest units of the currency, rounded down.
    pub fn value_of(&self, points: Amount) -> Result<Amount, Error> {
        let value = i128::from(points.minor()) * i128::from(self.rules.worth.minor()) / 1_000;
        let value = i64::try_from(value).ok().and_then(|it| Amount::try_new(it).ok());
        value.ok_or(Error::TooLarge)
    }
}
