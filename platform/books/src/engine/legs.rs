//! Posting a transfer: its legs balance, fit and are entered in order.

use std::collections::{BTreeMap, HashSet};

use socle_kernel::{AccountId, Amount, Timestamp};

use super::{Engine, recording::Recording};
use crate::{Leg, Receipt, Refusal, Transfer, Unit, key::fingerprint, transfer::LEGS_MAX};

impl Engine {
    pub(super) fn post(
        &mut self,
        unit: &Unit,
        transfer: &Transfer,
        receipt: &mut Receipt,
    ) -> Result<(), Refusal> {
        let fingerprint = fingerprint(transfer);
        if self.is_known(unit, (transfer.id, fingerprint), receipt)? {
            return Ok(());
        }
        self.check_legs(unit, &transfer.legs)?;
        let named = transfer.legs.iter().flat_map(|it| [Some(it.account), it.overflow]).flatten();
        let recorded_at = self.recorded_at(unit, named);
        let mut recording = Recording::new(unit, transfer.id, &transfer.kind, recorded_at);
        recording.effective_at = transfer.effective_at.unwrap_or(recorded_at);
        (recording.memo, recording.fingerprint) = (&transfer.memo, fingerprint);
        recording.flow = transfer.flow;
        if recorded_at < recording.effective_at {
            return Err(Refusal::EffectiveInFuture);
        }
        for leg in &transfer.legs {
            self.post_leg(&mut recording, leg)?;
        }
        self.record(recording);
        Ok(())
    }

    /// Legs are two or more, none is zero, each account stands once, and each asset sums to zero.
    fn check_legs(&self, unit: &Unit, legs: &[Leg]) -> Result<(), Refusal> {
        let accounts: HashSet<AccountId> = legs.iter().map(|it| it.account).collect();
        let fit = (2..=LEGS_MAX).contains(&legs.len()) && accounts.len() == legs.len();
        if !fit || legs.iter().any(|it| it.amount.is_zero()) {
            return Err(Refusal::Legs { max: LEGS_MAX });
        }
        let mut sums: BTreeMap<&str, Amount> = BTreeMap::new();
        for leg in legs {
            let account = self.standing.account((unit.tenant, leg.account))?;
            if let Some(overflow) = leg.overflow {
                let other = self.standing.account((unit.tenant, overflow))?;
                if other.asset != account.asset {
                    return Err(Refusal::AssetsDiffer);
                }
            }
            let sum = sums.entry(account.asset.as_ref()).or_default();
            *sum = sum.plus(leg.amount).map_err(|_| Refusal::TooLarge)?;
        }
        match sums.into_iter().find(|(_, sum)| !sum.is_zero()) {
            Some((asset, sum)) => Err(Refusal::Unbalanced { asset: asset.to_owned(), sum }),
            None => Ok(()),
        }
    }

    /// Enters a leg, and with its overflow account what its own account does not admit.
    fn post_leg(&mut self, recording: &mut Recording<'_>, leg: &Leg) -> Result<(), Refusal> {
        let Some(overflow) = leg.overflow else {
            return self.move_value(recording, leg, leg.account, leg.amount);
        };
        let room = self.room(recording, leg)?.max(Amount::ZERO);
        let own =
            if leg.amount.is_negative() { leg.amount.max(-room) } else { leg.amount.min(room) };
        let rest = leg.amount.minus(own).map_err(|_| Refusal::TooLarge)?;
        for (account, amount) in [(leg.account, own), (overflow, rest)] {
            if !amount.is_zero() {
                self.move_value(recording, leg, account, amount)?;
            }
        }
        Ok(())
    }

    /// How much of a leg its account admits, as a positive amount.
    fn room(&self, recording: &Recording<'_>, leg: &Leg) -> Result<Amount, Refusal> {
        let key = recording.key(leg.account);
        if leg.amount.is_negative() {
            return self.spendable(key, recording.effective_at);
        }
        self.standing.account(key)?.credit_room().map_err(|_| Refusal::TooLarge)
    }

    /// Enters an amount and moves the lots behind it.
    fn move_value(
        &mut self,
        recording: &mut Recording<'_>,
        leg: &Leg,
        account: AccountId,
        amount: Amount,
    ) -> Result<(), Refusal> {
        let key = recording.key(account);
        let at: Timestamp = recording.effective_at;
        if !self.standing.account(key)?.has_lots() {
            return self.enter(recording, account, amount).map(drop);
        }
        if amount.is_negative() {
            let available = self.free_lots(key, at)?;
            if available < -amount {
                return Err(Refusal::Insufficient { account, available, asked: -amount });
            }
            let seq = self.enter(recording, account, amount)?;
            return self.spend_lots(key, seq, -amount, (at, leg.prefers));
        }
        if leg.expires_at.is_some_and(|it| it <= at) {
            return Err(Refusal::ExpiresTooSoon);
        }
        let seq = self.enter(recording, account, amount)?;
        self.bring_lot(key, recording, (seq, amount), leg.expires_at);
        Ok(())
    }
}
