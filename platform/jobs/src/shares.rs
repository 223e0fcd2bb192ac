//! How much of a queue each tenant is given, and from where on: deficit round robin over those
//! that have something due (Shreedhar and Varghese, 1995), each with the same weight.

use std::collections::BTreeMap;

use socle_kernel::{Id, TenantId};
use uuid::Uuid;

use crate::{
    EVERY_TENANT, Queue,
    sql::fetch::{Gap, Part, Place},
};

/// Tenants that are remembered; of more, those that have been idle longest are forgotten, and found
/// again like new ones.
const KNOWN_MAX: usize = 4096;

/// Before everything.
fn first() -> Place {
    Place { run_at: jiff::Timestamp::UNIX_EPOCH.into(), id: Id::from_uuid(Uuid::nil()) }
}

/// The tenants of one queue that are known to have had jobs.
#[derive(Debug)]
pub(crate) struct Shares {
    queue: Queue,
    known: BTreeMap<TenantId, Standing>,
    /// Whose turn it is first in the next round.
    first: TenantId,
    round: u64,
}

#[derive(Debug)]
struct Standing {
    /// Behind what was taken two beats ago, one beat ago, and by now.
    ///
    /// Transactions commit in another order than they began in, so the place that a round begins
    /// behind is not the newest. What comes even later is found by a sweep.
    behind: [Place; 3],
    is_active: bool,
    /// What it was due in rounds that ended before its turn.
    owed: i32,
    seen_in: u64,
}

impl Default for Standing {
    fn default() -> Self {
        Self { behind: [first(); 3], is_active: false, owed: 0, seen_in: 0 }
    }
}

impl Shares {
    pub(crate) fn of(queue: Queue) -> Self {
        let known = BTreeMap::from([(EVERY_TENANT, Standing::default())]);
        Self { queue, known, first: EVERY_TENANT, round: 0 }
    }

    /// What to ask for, so that at least `wanted` come if there are as many: those that had nothing
    /// last time first, for they mostly have nothing again; then the others, in turn.
    pub(crate) fn parts(&self, wanted: usize, is_sweep: bool) -> Vec<Part> {
        let share = |among: usize| i32::try_from(wanted.div_ceil(among.max(1))).unwrap_or(i32::MAX);
        let active = self.known.values().filter(|it| it.is_active).count();
        let (idle, active) = (share(self.known.len()), share(active));
        let part = |(tenant, it): (&TenantId, &Standing)| Part {
            queue: self.queue.name(),
            tenant: *tenant,
            behind: if is_sweep { first() } else { it.behind[0] },
            take: if it.is_active { active + it.owed } else { idle },
        };
        let turns = self.known.range(self.first..).chain(self.known.range(..self.first));
        let (active, idle): (Vec<_>, Vec<_>) = turns.partition(|it| it.1.is_active);
        idle.into_iter().chain(active).map(part).collect()
    }

    /// Where tenants may be that are not known.
    pub(crate) fn gaps(&self) -> Vec<Gap> {
        let above = self.known.keys().copied();
        let last = std::iter::once(Id::from_uuid(Uuid::max()));
        let below = self.known.keys().copied().skip(1).chain(last);
        let gap = |(above, below)| Gap { queue: self.queue.name(), above, below };
        above.zip(below).map(gap).collect()
    }

    pub(crate) fn found(&mut self, tenant: TenantId) {
        let round = self.round;
        self.known.entry(tenant).or_default().seen_in = round;
        if KNOWN_MAX < self.known.len() {
            let idle = self.known.iter().filter(|it| !it.1.is_active && *it.0 != EVERY_TENANT);
            let oldest = idle.min_by_key(|it| it.1.seen_in).map(|it| *it.0);
            oldest.and_then(|it| self.known.remove(&it));
        }
    }

    /// What came of a round: of `parts`, these places of these tenants. `is_cut` says that there
    /// was no room for all of them.
    pub(crate) fn served(
        &mut self,
        parts: &[Part],
        taken: impl Iterator<Item = (TenantId, Place)>,
        is_cut: bool,
    ) {
        self.round += 1;
        let mut counts: BTreeMap<TenantId, i32> = BTreeMap::new();
        for (tenant, place) in taken {
            *counts.entry(tenant).or_default() += 1;
            let it = self.known.entry(tenant).or_default();
            it.behind[2] = it.behind[2].max(place);
            it.seen_in = self.round;
        }
        let last = parts.iter().rposition(|it| counts.contains_key(&it.tenant));
        for (at, part) in parts.iter().enumerate() {
            let Some(it) = self.known.get_mut(&part.tenant) else { continue };
            let count = counts.get(&part.tenant).copied().unwrap_or(0);
            let is_short = is_cut && last.is_none_or(|last| last <= at);
            if is_short && it.is_active {
                // No more than one share, however many rounds end before its turn.
                it.owed = (part.take - count).min(part.take - it.owed);
                continue;
            }
            (it.is_active, it.owed) = (0 < count, 0);
        }
        if let Some(last) = last {
            self.first = parts[last].tenant;
        }
    }

    /// Time has passed: what was taken before is now behind.
    pub(crate) fn beat(&mut self) {
        for it in self.known.values_mut() {
            it.behind = [it.behind[1], it.behind[2], it.behind[2]];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(n: u128) -> TenantId {
        Id::from_uuid(Uuid::from_u128(n))
    }

    fn place(n: u128) -> Place {
        Place { id: Id::from_uuid(Uuid::from_u128(n)), ..first() }
    }

    fn takes(shares: &Shares, wanted: usize) -> Vec<(TenantId, i32)> {
        shares.parts(wanted, false).iter().map(|it| (it.tenant, it.take)).collect()
    }

    #[test]
    fn a_flooding_tenant_gets_what_the_others_leave() {
        let mut shares = Shares::of(Queue::Default);
        (1..=99).for_each(|n| shares.found(tenant(n)));
        let parts = shares.parts(200, false);
        let taken = (0..2).map(|n| (tenant(7), place(n)));
        shares.served(&parts, taken, false);

        let all = takes(&shares, 200);

        assert_eq!(all.len(), 100);
        assert_eq!(all[99], (tenant(7), 200));
        assert!(all[..99].iter().all(|it| it.1 == 2));
    }

    #[test]
    fn whoever_was_cut_short_is_owed_and_comes_first() {
        let mut shares = Shares::of(Queue::Default);
        (1..=3).for_each(|n| shares.found(tenant(n)));
        let parts = shares.parts(9, false);
        let each = (1..=3).flat_map(|it| (0..3).map(move |n| (tenant(it), place(n))));
        shares.served(&parts, each, false);
        let parts = shares.parts(9, false);
        let cut = [(tenant(3), 3), (tenant(1), 1)];
        assert_eq!(parts[1].tenant, tenant(3), "the one that was last begins");
        let cut = cut.iter().flat_map(|it| (3..3 + it.1).map(|n| (it.0, place(n))));
        shares.served(&parts, cut, true);

        let all = takes(&shares, 9);

        let active: Vec<_> = all.into_iter().filter(|it| it.0 != EVERY_TENANT).collect();
        assert_eq!(active, [(tenant(1), 5), (tenant(2), 6), (tenant(3), 3)]);
    }

    #[test]
    fn a_round_begins_behind_what_was_taken_two_beats_ago_and_a_sweep_at_the_beginning() {
        let mut shares = Shares::of(Queue::Low);
        let parts = shares.parts(1, false);
        shares.served(&parts, std::iter::once((EVERY_TENANT, place(8))), false);

        let behind = |shares: &Shares| shares.parts(1, false)[0].behind;
        assert_eq!(behind(&shares), first());
        shares.beat();
        assert_eq!(behind(&shares), first());
        shares.beat();
        assert_eq!(behind(&shares), place(8));
        assert_eq!(shares.parts(1, true)[0].behind, first());
    }

    #[test]
    fn gaps_leave_out_the_known_and_nothing_else() {
        let mut shares = Shares::of(Queue::Low);
        shares.found(tenant(5));

        let gaps = shares.gaps();

        let ends: Vec<_> = gaps.iter().map(|it| (it.above, it.below)).collect();
        assert_eq!(ends, [(EVERY_TENANT, tenant(5)), (tenant(5), Id::from_uuid(Uuid::max()))]);
    }
}
