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
    /// Attempts that ended since the last look, and how many are worth taking ahead.
    ended: usize,
    ahead: usize,
}

impl Lane {
    pub(crate) fn of(queue: Queue) -> Self {
        let (shares, taken) = (Shares::of(queue), Fair::default());
        Self { queue, shares, taken, ended: 0, ahead: 0 }
    }

    /// How many more to take: enough for the free hands, and for as many as end until the next
    /// look, as far as the last one tells. Nothing, until it is worth a round trip.
    pub(crate) fn wanted(&self, slots: &Slots) -> usize {
        let ahead = self.ahead();
        let free = slots.free(self.queue);
        let wanted = (free + ahead).saturating_sub(self.taken.len());
        if wanted < ahead / 4 { 0 } else { wanted }
    }

    pub(crate) fn has_ended_one(&mut self) {
        self.ended += 1;
    }

    /// A look is under way.
    pub(crate) fn has_looked(&mut self) {
        (self.ahead, self.ended) = (self.ahead(), 0);
    }

    /// Counted from look to look and not by time, so that it grows however long a look takes.
    fn ahead(&self) -> usize {
        self.ended.max(self.ahead / 2).min(AHEAD_MAX)
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
