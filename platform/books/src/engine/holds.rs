//! Holds: set aside, captured, voided, ended by the clock.

use socle_kernel::{AccountId, Amount, HoldId, TenantId, Timestamp};

use super::{Engine, Saved, recording::Recording};
use crate::{
    Capture, NewHold, Receipt, Refusal, Unit,
    hold::{Hold, HoldState},
    key::fingerprint,
    lot::LotMove,
    unit::HoldAnnouncement,
};

impl Engine {
    /// Sets an amount aside.
    pub(super) fn hold(&mut self, unit: &Unit, new: &NewHold) -> Result<(), Refusal> {
        let fingerprint = fingerprint(new);
        if let Some(there) = self.standing.holds.get(&(unit.tenant, new.id)) {
            let same = there.fingerprint == fingerprint;
            return same.then_some(()).ok_or(Refusal::IdReused);
        }
        let now = self.recorded_at(unit, [new.account, new.counter]);
        self.check_hold(unit, new, now)?;
        let key = (unit.tenant, new.account);
        let has_lots = self.standing.account(key)?.has_lots();
        let parts = if has_lots { self.reserve_lots(key, new.amount, now) } else { Vec::new() };
        self.add_pending(unit.tenant, (new.account, new.counter), new.amount)?;
        let NewHold { id, kind, account, counter, amount, expires_at } = new.clone();
        let (captured, state, recorded_at) = (Amount::ZERO, HoldState::Open, now);
        let hold = Hold {
            id,
            kind,
            account,
            counter,
            amount,
            captured,
            state,
            recorded_at,
            expires_at,
            fingerprint,
            parts,
        };
        self.standing.holds.insert((unit.tenant, id), hold);
        self.changes.holds_placed.push((unit.tenant, id));
        self.next_due = Some(self.next_due.map_or(expires_at, |it| it.min(expires_at)));
        self.undo.push(Saved::Placed(unit.tenant, id));
        self.announce_hold(unit, id)
    }

    fn check_hold(&self, unit: &Unit, new: &NewHold, now: Timestamp) -> Result<(), Refusal> {
        if !new.amount.is_positive() {
            return Err(Refusal::NotPositive);
        }
        if new.expires_at <= now {
            return Err(Refusal::ExpiresTooSoon);
        }
        let key = (unit.tenant, new.account);
        let account = self.standing.account(key)?;
        let counter = self.standing.account((unit.tenant, new.counter))?;
        if account.asset != counter.asset || account.id == counter.id {
            return Err(Refusal::AssetsDiffer);
        }
        for it in [account, counter] {
            if it.is_closed {
                return Err(Refusal::AccountClosed { account: it.id });
            }
        }
        let available = self.spendable(key, now)?;
        let (asked, room) = (new.amount, counter.credit_room().map_err(|_| Refusal::TooLarge)?);
        if available < asked {
            return Err(Refusal::Insufficient { account: account.id, available, asked });
        }
        if room < asked {
            return Err(Refusal::AboveCeiling { account: counter.id, room, asked });
        }
        Ok(())
    }

    /// Posts a part of a hold, or all that is left of it.
    pub(super) fn capture(
        &mut self,
        unit: &Unit,
        capture: &Capture,
        receipt: &mut Receipt,
    ) -> Result<(), Refusal> {
        let fingerprint = fingerprint(capture);
        if self.is_known(unit, (capture.id, fingerprint), receipt)? {
            return Ok(());
        }
        let hold = self.open_hold(unit, capture.hold)?;
        let (left, asked) = (hold.left(), capture.amount.unwrap_or(hold.left()));
        if !asked.is_positive() {
            return Err(Refusal::NotPositive);
        }
        if left < asked {
            return Err(Refusal::HoldExceeded { hold: hold.id, left, asked });
        }
        let at = self.recorded_at(unit, [hold.account, hold.counter]);
        let mut recording = Recording::new(unit, capture.id, &hold.kind, at);
        (recording.memo, recording.hold) = (&capture.memo, Some(hold.id));
        recording.fingerprint = fingerprint;
        let parts = self.consume(unit.tenant, &hold, asked)?;
        let seq = self.enter(&mut recording, hold.account, -asked)?;
        for (lot_seq, part) in parts {
            let taken = LotMove { entry_seq: seq, lot_seq, amount: -part };
            self.move_lot((unit.tenant, hold.account), taken);
        }
        self.enter_counter(&mut recording, &hold, asked)?;
        self.record(recording);
        Ok(())
    }

    /// A captured amount arrives like any other; in an account of lots it never expires.
    fn enter_counter(
        &mut self,
        recording: &mut Recording<'_>,
        hold: &Hold,
        amount: Amount,
    ) -> Result<(), Refusal> {
        let key = recording.key(hold.counter);
        let seq = self.enter(recording, hold.counter, amount)?;
        if self.standing.account(key)?.has_lots() {
            self.bring_lot(key, recording, (seq, amount), None);
        }
        Ok(())
    }

    /// Lets go of a hold; one that was voided before stays voided.
    pub(super) fn void(&mut self, unit: &Unit, id: HoldId) -> Result<(), Refusal> {
        let there = self.standing.holds.get(&(unit.tenant, id));
        if there.is_some_and(|it| it.state == HoldState::Voided) {
            return Ok(());
        }
        let hold = self.open_hold(unit, id)?;
        self.end_hold(unit.tenant, &hold, HoldState::Voided)?;
        self.announce_hold(unit, id)
    }

    /// What the clock has ended has been let go of before any command.
    pub(super) fn release(&self, unit: &Unit, id: HoldId) -> Result<(), Refusal> {
        let is_there = self.standing.holds.contains_key(&(unit.tenant, id));
        is_there.then_some(()).ok_or(Refusal::UnknownHold { hold: id })
    }

    /// Lets go of the holds of the unit's tenant that the clock has ended.
    pub(super) fn release_due(&mut self, unit: &Unit) {
        if self.next_due.is_none_or(|it| unit.now < it) {
            return;
        }
        let due = self.standing.holds.iter().filter(|((tenant, _), it)| {
            *tenant == unit.tenant
                && it.state == HoldState::Open
                && it.state_at(unit.now) == HoldState::Expired
        });
        let mut due: Vec<_> = due.map(|(_, hold)| hold.clone()).collect();
        due.sort_unstable_by_key(|it| (it.expires_at, it.id));
        for hold in due {
            let ended = self.end_hold(unit.tenant, &hold, HoldState::Expired);
            ended.expect("both accounts of a due hold are loaded");
            let told = self.announce_hold(unit, hold.id);
            told.expect("what is told of a hold can be written down");
        }
        self.next_due = self.standing.next_due();
    }

    /// Makes the event of what has become of a hold.
    fn announce_hold(&mut self, unit: &Unit, id: HoldId) -> Result<(), Refusal> {
        let Some(announce) = unit.announce_hold else { return Ok(()) };
        let hold = self.standing.holds.get(&(unit.tenant, id));
        let hold = hold.expect("a hold that is told of is known");
        let asset = &self.standing.account((unit.tenant, hold.account))?.asset;
        let (tenant, author, now) = (unit.tenant, &unit.author, unit.now);
        let fact = announce(&HoldAnnouncement { tenant, author, now, asset, hold });
        let fact = fact.map_err(|it| Refusal::Unstorable { why: it.to_string() })?;
        self.changes.facts.push(fact);
        Ok(())
    }

    fn open_hold(&self, unit: &Unit, id: HoldId) -> Result<Hold, Refusal> {
        let hold = self.standing.holds.get(&(unit.tenant, id));
        let hold = hold.ok_or(Refusal::UnknownHold { hold: id })?;
        match hold.state_at(unit.now) {
            HoldState::Open => Ok(hold.clone()),
            ended => Err(Refusal::HoldEnded { hold: id, state: ended.as_str().to_owned() }),
        }
    }

    fn end_hold(&mut self, tenant: TenantId, hold: &Hold, as_: HoldState) -> Result<(), Refusal> {
        let left = hold.left();
        for (seq, part) in &hold.parts {
            if part.is_positive() {
                self.free_lot((tenant, hold.account), *seq, *part);
            }
        }
        self.add_pending(tenant, (hold.account, hold.counter), -left)?;
        let parts = hold.parts.iter().map(|(seq, _)| (*seq, Amount::ZERO)).collect();
        self.save_hold(tenant, hold, Hold { state: as_, parts, ..hold.clone() });
        Ok(())
    }

    /// Takes `asked` out of what a hold has set aside; returns it lot by lot.
    fn consume(
        &mut self,
        tenant: TenantId,
        hold: &Hold,
        asked: Amount,
    ) -> Result<Vec<(i64, Amount)>, Refusal> {
        let too_large = |_| Refusal::TooLarge;
        let (mut left, mut taken, mut parts) = (asked, Vec::new(), hold.parts.clone());
        for (seq, part) in &mut parts {
            let now = (*part).min(left);
            if now.is_positive() {
                self.free_lot((tenant, hold.account), *seq, now);
                taken.push((*seq, now));
                *part = part.minus(now).map_err(too_large)?;
                left = left.minus(now).map_err(too_large)?;
            }
        }
        self.add_pending(tenant, (hold.account, hold.counter), -asked)?;
        let captured = hold.captured.plus(asked).map_err(too_large)?;
        let is_done = captured == hold.amount;
        let state = if is_done { HoldState::Captured } else { HoldState::Open };
        self.save_hold(tenant, hold, Hold { captured, state, parts, ..hold.clone() });
        Ok(taken)
    }

    fn save_hold(&mut self, tenant: TenantId, old: &Hold, new: Hold) {
        self.undo.push(Saved::Hold(tenant, old.clone()));
        self.changes.holds_changed.insert((tenant, new.id));
        self.standing.holds.insert((tenant, new.id), new);
    }

    /// Counts what a hold takes from one account and brings to the other.
    fn add_pending(
        &mut self,
        tenant: TenantId,
        (account, counter): (AccountId, AccountId),
        amount: Amount,
    ) -> Result<(), Refusal> {
        let it = self.change((tenant, account))?;
        it.pending_debit = it.pending_debit.plus(amount).map_err(|_| Refusal::TooLarge)?;
        let it = self.change((tenant, counter))?;
        it.pending_credit = it.pending_credit.plus(amount).map_err(|_| Refusal::TooLarge)?;
        Ok(())
    }
}
