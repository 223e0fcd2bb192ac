//! How often a credential may call: a sliding window of a minute.
//!
//! The window is reckoned from two counters, as if the calls of the minute before were spread
//! evenly over it: flat memory, and no burst of twice the limit at the turn of a minute.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use socle_kernel::Timestamp;
use uuid::Uuid;

/// The window, in seconds and in microseconds.
pub(crate) const WINDOW_S: i64 = 60;
const WINDOW: i64 = WINDOW_S * 1_000_000;

/// How many credentials are remembered; beyond, those that have been silent are forgotten.
const REMEMBERED_MAX: usize = 50_000;

/// The calls of each credential.
#[derive(Debug, Default)]
pub(crate) struct Limiter(Mutex<HashMap<Uuid, Calls>>);

#[derive(Debug, Clone, Copy, Default)]
struct Calls {
    window: i64,
    now: u32,
    before: u32,
}

/// What is left after a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Allowance {
    pub(crate) limit: u32,
    pub(crate) left: u32,
    /// Seconds until the window has turned.
    pub(crate) reset_s: u32,
    pub(crate) is_admitted: bool,
}

impl Limiter {
    /// Counts a call, unless it is one too many.
    pub(crate) fn call(&self, credential: Uuid, limit: u32, at: Timestamp) -> Allowance {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (window, into) = (at.micros().div_euclid(WINDOW), at.micros().rem_euclid(WINDOW));
        if REMEMBERED_MAX <= known.len() {
            known.retain(|_, it| window - 1 <= it.window);
        }
        let calls = known.entry(credential).or_default();
        calls.turn_to(window);
        let used = calls.reckoned(into);
        let is_admitted = used < u64::from(limit);
        if is_admitted {
            calls.now += 1;
        }
        let left = u64::from(limit).saturating_sub(used + u64::from(is_admitted));
        let reset_s = (WINDOW - into).div_euclid(1_000_000) + 1;
        Allowance {
            limit,
            left: u32::try_from(left).unwrap_or(u32::MAX),
            reset_s: u32::try_from(reset_s).unwrap_or(1),
            is_admitted,
        }
    }
}

impl Calls {
    /// A clock that is set back does not give calls back.
    fn turn_to(&mut self, window: i64) {
        match window - self.window {
            ..=0 => {}
            1 => *self = Self { window, now: 0, before: self.now },
            _ => *self = Self { window, now: 0, before: 0 },
        }
    }

    fn reckoned(&self, into: i64) -> u64 {
        let share = u64::from(self.before) * (WINDOW - into).unsigned_abs() / WINDOW.unsigned_abs();
        u64::from(self.now) + share
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use socle_kernel::Day;

    use super::*;

    /// After the beginning of a day, and so of a minute.
    fn at(seconds: u64) -> Timestamp {
        let day: Day = "2026-01-01".parse().expect("a day");
        day.start().after(Duration::from_secs(seconds))
    }

    fn admitted(limiter: &Limiter, calls: u32, seconds: u64) -> u32 {
        let key = Uuid::from_u128(1);
        let each = (0..calls).map(|_| u32::from(limiter.call(key, 10, at(seconds)).is_admitted));
        each.sum()
    }

    #[test]
    fn a_window_slides_and_admits_no_double_burst_at_its_turn() {
        let limiter = Limiter::default();

        assert_eq!(admitted(&limiter, 20, 59), 10, "the limit, at the end of a minute");
        assert_eq!(admitted(&limiter, 20, 60), 0, "and not again a second later");
        assert_eq!(admitted(&limiter, 20, 90), 5, "half of it when half of the minute is over");
        assert_eq!(admitted(&limiter, 20, 600), 10, "all of it after a silence");
    }

    #[test]
    fn a_clock_that_is_set_back_gives_no_calls_back() {
        let limiter = Limiter::default();
        assert_eq!(admitted(&limiter, 10, 120), 10);

        assert_eq!(admitted(&limiter, 5, 0), 0);
    }

    #[test]
    fn credentials_are_counted_apart_and_told_what_is_left() {
        let limiter = Limiter::default();
        admitted(&limiter, 10, 30);

        let other = limiter.call(Uuid::from_u128(2), 10, at(30));

        let told = Allowance { limit: 10, left: 9, reset_s: 31, is_admitted: true };
        assert_eq!(other, told);
    }
}
