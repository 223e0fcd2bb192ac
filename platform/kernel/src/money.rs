//! Money: an amount and its currency; read from decimal text without a floating point.

use std::fmt;

use crate::{Amount, Asset};

/// A currency of ISO 4217.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Currency(iso_currency::Currency);

/// A sum of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    pub amount: Amount,
    pub currency: Currency,
}

/// Why a text is not money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("no currency of ISO 4217 has this code")]
    Currency,
    #[error("a sum reads 29.33: digits, and at most {decimals} after the point")]
    Sum { decimals: u16 },
    #[error("the sum is too large")]
    TooLarge,
}

impl Currency {
    /// The currency with this code, `USD` or `EUR`.
    pub fn try_new(code: &str) -> Result<Self, MoneyError> {
        iso_currency::Currency::from_code(code).map(Self).ok_or(MoneyError::Currency)
    }

    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimals its smallest unit has: 2 for `USD`, 0 for `JPY`.
    #[must_use]
    pub fn decimals(self) -> u16 {
        self.0.exponent().unwrap_or(0)
    }

    /// How many smallest units make one.
    #[must_use]
    pub fn minor_per_unit(self) -> i64 {
        10_i64.pow(self.decimals().into())
    }

    /// As something that accounts hold.
    ///
    /// # Panics
    ///
    /// Never: three capitals obey the rule of an asset's code.
    #[must_use]
    pub fn asset(self) -> Asset {
        Asset::try_new(self.code()).expect("three capitals are an asset's code")
    }
}

impl Money {
    /// Reads `29.33`: an optional sign, digits, and no more decimals than the currency has.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let decimals = currency.decimals();
        let bad = MoneyError::Sum { decimals };
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) {
            return Err(bad);
        }
        let kept = fraction.trim_end_matches('0');
        if usize::from(decimals) < kept.len() {
            return Err(bad);
        }
        let minor: i64 = format!("{whole}{kept:0<width$}", width = usize::from(decimals))
            .parse()
            .map_err(|_| MoneyError::TooLarge)?;
        let amount = Amount::try_new(sign * minor).map_err(|_| MoneyError::TooLarge)?;
        Ok(Self { amount, currency })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per_unit = self.currency.minor_per_unit().unsigned_abs();
        let minor = self.amount.minor().unsigned_abs();
        let sign = if self.amount.is_negative() { "-" } else { "" };
        write!(f, "{sign}{}", minor / per_unit)?;
        if 1 < per_unit {
            let width = usize::from(self.currency.decimals());
            write!(f, ".{:0width$}", minor % per_unit)?;
        }
        write!(f, " {}", self.currency.code())
    }
}
