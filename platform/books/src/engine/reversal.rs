//! Reversal: every leg mirrored, once, and value back in the lots it came from.

use socle_kernel::{AccountId, Amount};

use super::{
    Engine, Saved,
    expiry::expiry_id,
    recording::Recording,
    standing::{AccountKey, Original},
};
use crate::{Flow, PostedLeg, Receipt, Refusal, Reversal, Unit, key::fingerprint, lot::LotMove};

impl Engine {
    pub(super) fn reverse(
        &mut self,
        unit: &Unit,
        reversal: &Reversal,
        receipt: &mut Receipt,
    ) -> Result<(), Refusal> {
        let fingerprint = fingerprint(reversal);
        if self.is_known(unit, (reversal.id, fingerprint), receipt)? {
            return Ok(());
        }
        let original = self.original(unit, reversal)?;
        let legs = &original.posted.legs;
        let at = self.recorded_at(unit, legs.iter().map(|it| it.account));
        let mut recording = Recording::new(unit, reversal.id, &reversal.kind, at);
        (recording.memo, recording.fingerprint) = (&reversal.memo, fingerprint);
        (recording.reverses, recording.flow) = (Some(reversal.of), original.posted.flow.undone());
        let mut back = Vec::new();
        for leg in legs {
            back.extend(self.mirror(&mut recording, &original, leg)?);
        }
        self.record(recording);
        self.expire_again(unit, &back)
    }

    /// The transfer to be reversed, marked so that it is reversed once.
    fn original(&mut self, unit: &Unit, reversal: &Reversal) -> Result<Original, Refusal> {
        let transfer = reversal.of;
        let key = (unit.tenant, transfer);
        if !self.standing.originals.contains_key(&key) {
            let in_this_batch = self.posted_in_this_batch(unit, transfer);
            let it = in_this_batch.ok_or(Refusal::UnknownTransfer { transfer })?;
            self.standing.originals.insert(key, it);
            self.undo.push(Saved::Original(unit.tenant, transfer));
        }
        let it = self.standing.originals.get_mut(&key).expect("it has just been seen");
        if it.posted.reverses.is_some() || it.posted.flow == Flow::Expiry {
            return Err(Refusal::NotReversible { transfer });
        }
        if it.is_reversed {
            return Err(Refusal::AlreadyReversed { transfer });
        }
        it.is_reversed = true;
        let original = it.clone();
        self.undo.push(Saved::Reversed(unit.tenant, transfer));
        Ok(original)
    }

    fn posted_in_this_batch(
        &self,
        unit: &Unit,
        transfer: socle_kernel::TransferId,
    ) -> Option<Original> {
        let row = self
            .changes
            .posted
            .iter()
            .find(|it| it.tenant == unit.tenant && it.posted.id == transfer)?;
        let posted = row.posted.clone();
        let of_it = |key: &AccountKey, it: &LotMove| {
            key.0 == unit.tenant
                && posted.legs.iter().any(|leg| (leg.account, leg.seq) == (key.1, it.entry_seq))
        };
        let moves = self.changes.moves.iter().filter(|(key, it)| of_it(key, it));
        let moves = moves.map(|((_, account), it)| (*account, *it)).collect();
        Some(Original { posted, is_reversed: false, moves })
    }

    /// Mirrors one leg; returns what came back to which lot.
    fn mirror(
        &mut self,
        recording: &mut Recording<'_>,
        original: &Original,
        leg: &PostedLeg,
    ) -> Result<Vec<(AccountId, i64, Amount)>, Refusal> {
        let key = recording.key(leg.account);
        let has_lots = self.standing.account(key)?.has_lots();
        if has_lots && leg.amount.is_positive() {
            let transfer = original.posted.id;
            let lot = self.standing.lots(key).iter().find(|it| it.seq == leg.seq);
            let whole =
                lot.is_some_and(|it| it.is_open(recording.effective_at) && leg.amount <= it.free());
            if !whole {
                return Err(Refusal::LotsSpent { transfer });
            }
        }
        let entry_seq = self.enter(recording, leg.account, -leg.amount)?;
        if !has_lots {
            return Ok(Vec::new());
        }
        if leg.amount.is_positive() {
            self.move_lot(key, LotMove { entry_seq, lot_seq: leg.seq, amount: -leg.amount });
            return Ok(Vec::new());
        }
        let mut back = Vec::new();
        for it in self.taken_by(key, original, leg) {
            self.move_lot(key, LotMove { entry_seq, lot_seq: it.lot_seq, amount: -it.amount });
            back.push((leg.account, it.lot_seq, -it.amount));
        }
        Ok(back)
    }

    /// What one leg took from lots, in the order in which they are spent.
    fn taken_by(&self, key: AccountKey, original: &Original, leg: &PostedLeg) -> Vec<LotMove> {
        let of_leg = original
            .moves
            .iter()
            .filter(|(account, it)| (*account, it.entry_seq) == (leg.account, leg.seq));
        let mut taken: Vec<LotMove> = of_leg.map(|it| it.1).collect();
        let lots = self.standing.lots(key);
        taken.sort_by_key(|it| lots.iter().position(|lot| lot.seq == it.lot_seq));
        taken
    }

    /// What came back to a lot that has expired meanwhile expires at once.
    fn expire_again(
        &mut self,
        unit: &Unit,
        back: &[(AccountId, i64, Amount)],
    ) -> Result<(), Refusal> {
        for (account, lot, amount) in back.iter().copied() {
            let key = (unit.tenant, account);
            let now = self.recorded_at(unit, [account]);
            let lots = self.standing.lots(key).iter();
            if lots.clone().any(|it| it.seq == lot && it.is_expired(now)) {
                let seq = self.standing.account(key)?.seq;
                let id = expiry_id(key, &[lot, amount.minor(), seq]);
                self.expire_lot(unit, key, (id, now), (lot, amount))?;
            }
        }
        Ok(())
    }
}
