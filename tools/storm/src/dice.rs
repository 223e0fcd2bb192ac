//! Chance that is the same at every repetition: splitmix64 (Steele, Lea, Flood 2014).

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A stream of numbers that its seed decides.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// The stream of one part of one round of one campaign.
    pub(crate) fn of(seed: u64, round: u64, part: u64) -> Self {
        let mut dice = Self(seed);
        for it in [round, part] {
            dice = Self(dice.next() ^ it.wrapping_mul(STEP));
        }
        dice
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^ (it >> 31)
    }

    /// From `from` on, and below `to`.
    pub(crate) fn between(&mut self, from: u64, to: u64) -> u64 {
        from + self.next() % (to - from)
    }

    /// True so many times in a hundred.
    pub(crate) fn is(&mut self, percent: u64) -> bool {
        self.between(0, 100) < percent
    }

    /// A place in a list of so many.
    pub(crate) fn place(&mut self, count: usize) -> usize {
        let place = self.between(0, count as u64);
        usize::try_from(place).expect("a place in a list")
    }

    /// Brings a list into another order.
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for place in (1..list.len()).rev() {
            list.swap(place, self.place(place + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_stream_and_another_part_another() {
        let stream = |seed, round, part| {
            let mut dice = Dice::of(seed, round, part);
            (0..8).map(|_| dice.next()).collect::<Vec<_>>()
        };

        assert_eq!(stream(7, 3, 1), stream(7, 3, 1));
        assert_ne!(stream(7, 3, 1), stream(8, 3, 1));
        assert_ne!(stream(7, 3, 1), stream(7, 4, 1));
        assert_ne!(stream(7, 3, 1), stream(7, 3, 2));
    }

    #[test]
    fn a_number_lies_where_it_is_asked_for_and_a_shuffled_list_is_the_same_list() {
        let mut dice = Dice::of(1, 1, 1);
        let mut list: Vec<_> = (0..20).collect();

        dice.shuffle(&mut list);

        assert!((0..1_000).all(|_| (5..9).contains(&dice.between(5, 9))));
        list.sort_unstable();
        assert_eq!(list, (0..20).collect::<Vec<_>>());
    }
}
