//! One queue, as a worker serves it: who gets how much, what has been taken, and how fast it goes.

use crate::{
    Queue,
    fair::Fair,
    shares::Shares,
    sql::fetch::{Part, Place, Taken},
};

use super::slots::Slots;

/// Jobs that are taken ahead of their turn at most.
const AHEAD_MAX: usize = 4_000;

#[derive(Debug)]
pub(crate) struct Lane {
    pub(crate) queue: Queue,
    pub(crate) shares: Shares,
    pub(crate) taken: Fair<Taken>,
    /// Attempts that ended since the last beat, and in the beat before it.
    ended: usize,
    ended_before: usize,
}

impl Lane {
    pub(crate) fn of(queue: Queue) -> Self {
        let (shares, taken) = (Shares::of(queue), Fair::default());
        Self { queue, shares, taken, ended: 0, ended_before: 0 }
    }

    /// How many more to take: enough for the free hands, and for what ends until the next beat.
    /// Nothing, until it is worth a round trip.
    pub(crate) fn wanted(&self, slots: &Slots) -> usize {
        let ahead = self.ended.max(self.ended_before).min(AHEAD_MAX);
        let free = slots.free(self.queue);
        let wanted = (free + ahead).saturating_sub(self.taken.len());
        if wanted < ahead / 4 { 0 } else { wanted }
    }

    pub(crate) fn has_ended_one(&mut self) {
        self.ended += 1;
    }

    pub(crate) fn beat(&mut self) {
        (self.ended_before, self.ended) = (self.ended, 0);
        self.shares.beat();
    }

    /// Takes what a round has brought for this queue.
    pub(crate) fn receive(&mut self, parts: &[Part], taken: Vec<Taken>, is_cut: bool) {
        let places = taken.iter().map(|it| (it.tenant_id, Place { run_at: it.run_at, id: it.id }));
        self.shares.served(parts, places, is_cut);
        // Rows come back in no order.
        let mut taken = taken;
        taken.sort_unstable_by_key(|it| (it.run_at, it.id));
        for it in taken {
            self.taken.push(it.tenant_id, it);
        }
    }
}
