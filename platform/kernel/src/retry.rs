//! How often something that failed is tried again, and when.

use std::time::Duration;

/// How much of a pause is left to chance, so that what failed together is not tried together.
const JITTER: f64 = 0.25;

/// When what failed is tried again: pauses that grow from `first` by `factor` up to `longest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    pub first: Duration,
    pub factor: u32,
    pub longest: Duration,
    /// The tries in all, the first one included; at least one.
    pub attempts: u32,
}

impl Retry {
    /// For what others have to answer: after 1 s, 2 s, 4 s … up to an hour, 13 tries in all.
    pub const EXPONENTIAL: Self = Self {
        first: Duration::from_secs(1),
        factor: 2,
        longest: Duration::from_hours(1),
        attempts: 13,
    };

    /// For what waits for a database: after 30 s, five times.
    pub const FIXED: Self = Self {
        first: Duration::from_secs(30),
        factor: 1,
        longest: Duration::from_secs(30),
        attempts: 6,
    };

    /// For what must not be tried again.
    pub const NONE: Self =
        Self { first: Duration::ZERO, factor: 1, longest: Duration::ZERO, attempts: 1 };

    /// The pause after this many tries; none when that was the last one.
    ///
    /// `chance`, drawn between 0 and 1, shortens the pause by up to a quarter.
    #[must_use]
    pub fn pause_after(&self, tries: u32, chance: f64) -> Option<Duration> {
        if self.attempts <= tries {
            return None;
        }
        let grown = self.factor.saturating_pow(tries.saturating_sub(1));
        let pause = self.first.saturating_mul(grown).min(self.longest);
        Some(pause.mul_f64(1.0 - JITTER * chance.clamp(0.0, 1.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pauses(of: Retry) -> Vec<u64> {
        (1..).map_while(|tries| of.pause_after(tries, 0.0)).map(|it| it.as_secs()).collect()
    }

    #[test]
    fn pauses_grow_up_to_the_longest_and_end_with_the_tries() {
        let grown = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048];

        assert_eq!(pauses(Retry::EXPONENTIAL), grown);
        assert_eq!(pauses(Retry { attempts: 15, ..Retry::EXPONENTIAL })[12..], [3600, 3600]);
        assert_eq!(pauses(Retry::FIXED), [30; 5]);
        assert_eq!(pauses(Retry::NONE), [0; 0]);
        assert_eq!(Retry::EXPONENTIAL.pause_after(u32::MAX, 0.0), None);
    }

    #[test]
    fn chance_shortens_a_pause_by_a_quarter_at_most() {
        let pause = |chance| Retry::FIXED.pause_after(1, chance).map(|it| it.as_millis());

        assert_eq!(pause(1.0), Some(22_500));
        assert_eq!([pause(7.0), pause(-7.0)], [Some(22_500), Some(30_000)]);
    }
}
