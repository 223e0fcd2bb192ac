//! Lots: which parcel is spent, set aside, brought or given back.

use socle_kernel::{Amount, Timestamp, TransferId};

use super::{Engine, Saved, recording::Recording, standing::AccountKey};
use crate::{
    Refusal,
    lot::{Lot, LotMove, LotUse},
};

impl Engine {
    /// What can be spent at a moment: open and not set aside.
    pub(super) fn free_lots(&self, key: AccountKey, at: Timestamp) -> Result<Amount, Refusal> {
        let open = self.standing.lots(key).iter().filter(|it| it.is_open(at));
        Amount::sum(open.map(Lot::free)).map_err(|_| Refusal::TooLarge)
    }

    /// What can be debited at a moment: within bounds, and out of open lots where value lies in
    /// lots.
    pub(super) fn spendable(&self, key: AccountKey, at: Timestamp) -> Result<Amount, Refusal> {
        let account = self.standing.account(key)?;
        let room = account.debit_room().map_err(|_| Refusal::TooLarge)?;
        if account.has_lots() { Ok(room.min(self.free_lots(key, at)?)) } else { Ok(room) }
    }

    /// A parcel arrives with an entry.
    pub(super) fn bring_lot(
        &mut self,
        key: AccountKey,
        by: &Recording<'_>,
        (seq, amount): (i64, Amount),
        expires_at: Option<Timestamp>,
    ) {
        let (transfer, effective_at) = (by.id, by.effective_at);
        let (remaining, reserved) = (amount, Amount::ZERO);
        let lot = Lot { seq, transfer, amount, remaining, reserved, effective_at, expires_at };
        let lots = self.change_lots(key);
        let at = lots.partition_point(|it| (it.effective_at, it.seq) < (effective_at, seq));
        lots.insert(at, lot);
        self.changes.lots_brought.push((key, seq));
    }

    /// Spends the open lots, first in, first out; those of a preferred transfer before the others.
    ///
    /// The caller has seen that there is enough.
    pub(super) fn spend_lots(
        &mut self,
        key: AccountKey,
        entry_seq: i64,
        amount: Amount,
        (at, prefers): (Timestamp, Option<TransferId>),
    ) -> Result<(), Refusal> {
        let lots = self.standing.lots(key);
        let preferred = lots.iter().filter(|it| Some(it.transfer) == prefers);
        let others = lots.iter().filter(|it| Some(it.transfer) != prefers);
        let mut left = amount;
        let mut taken = Vec::new();
        for lot in preferred.chain(others).filter(|it| it.is_open(at)) {
            let part = lot.free().min(left);
            if part.is_positive() {
                taken.push((lot.seq, part));
                left = left.minus(part).map_err(|_| Refusal::TooLarge)?;
            }
        }
        assert!(left.is_zero(), "the caller has seen that the lots suffice");
        for (lot_seq, part) in taken {
            self.move_lot(key, LotMove { entry_seq, lot_seq, amount: -part });
        }
        Ok(())
    }

    /// Sets open lots aside, first in, first out; returns what of which.
    pub(super) fn reserve_lots(
        &mut self,
        key: AccountKey,
        amount: Amount,
        at: Timestamp,
    ) -> Vec<(i64, Amount)> {
        let (mut left, mut parts) = (amount, Vec::new());
        for lot in self.change_lots(key).iter_mut().filter(|it| it.is_open(at)) {
            let part = lot.free().min(left);
            if part.is_positive() {
                lot.reserved = sum(lot.reserved, part);
                left = sum(left, -part);
                parts.push((lot.seq, part));
            }
        }
        assert!(left.is_zero(), "the caller has seen that the lots suffice");
        self.changes.lots_changed.extend(parts.iter().map(|(seq, _)| (key, *seq)));
        parts
    }

    /// Frees what was set aside of one lot.
    pub(super) fn free_lot(&mut self, key: AccountKey, seq: i64, amount: Amount) {
        let lot = self.change_lots(key).iter_mut().find(|it| it.seq == seq);
        let lot = lot.expect("a hold's lots are loaded with it");
        lot.reserved = sum(lot.reserved, -amount);
        self.changes.lots_changed.insert((key, seq));
    }

    /// Takes from one lot (negative) or gives back to it.
    pub(super) fn move_lot(&mut self, key: AccountKey, it: LotMove) {
        let lot = self.change_lots(key).iter_mut().find(|lot| lot.seq == it.lot_seq);
        let lot = lot.expect("a lot that moves is loaded");
        lot.remaining = sum(lot.remaining, it.amount);
        assert!(!lot.free().is_negative(), "nobody takes what is set aside");
        assert!(lot.remaining <= lot.amount, "nothing gives back more than was taken");
        self.changes.lots_changed.insert((key, it.lot_seq));
        self.changes.moves.push((key, it));
    }

    /// The lots behind the moves since `from`.
    pub(super) fn lots_used(&self, from: usize) -> Vec<LotUse> {
        let moves = self.changes.moves[from..].iter().map(|(key, it)| {
            let lot = self.standing.lots(*key).iter().find(|lot| lot.seq == it.lot_seq);
            let Lot { seq, transfer, expires_at, .. } = lot.expect("a lot that moved is loaded");
            let (seq, transfer, expires_at) = (*seq, *transfer, *expires_at);
            LotUse { account: key.1, seq, transfer, amount: it.amount, expires_at }
        });
        moves.collect()
    }

    fn change_lots(&mut self, key: AccountKey) -> &mut Vec<Lot> {
        let lots = self.standing.lots.entry(key).or_default();
        let is_saved = |it: &Saved| matches!(it, Saved::Lots(saved, _) if *saved == key);
        if !self.undo.iter().any(is_saved) {
            self.undo.push(Saved::Lots(key, lots.clone()));
        }
        lots
    }
}

/// Parts of a lot add up to no more than the lot.
fn sum(one: Amount, other: Amount) -> Amount {
    one.plus(other).expect("parts of a lot are no larger than the lot")
}
