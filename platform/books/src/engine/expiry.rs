//! Expiry: value whose time is over moves to where expired value goes, effective at its expiry.

use socle_kernel::{AccountId, Amount, Timestamp, TransferId};

use super::{Engine, recording::Recording, standing::AccountKey};
use crate::{Flow, Refusal, Unit, lot::LotMove, transfer::EXPIRE};

impl Engine {
    /// Records every lot of an account that has expired, each at its own date.
    ///
    /// What open holds have set aside stays until they end.
    pub(super) fn expire(&mut self, unit: &Unit, account: AccountId) -> Result<(), Refusal> {
        let key = (unit.tenant, account);
        self.standing.account(key)?;
        let due = self.standing.lots(key).iter().filter(|it| it.is_expired(unit.now));
        let due = due.filter(|it| it.free().is_positive());
        let due: Vec<_> = due.map(|it| (it.seq, it.free(), it.expires_at)).collect();
        for (lot, amount, expires_at) in due {
            let at = expires_at.expect("what has expired had an expiry");
            let id = expiry_id(key, &[lot, amount.minor(), self.standing.account(key)?.seq]);
            self.expire_lot(unit, key, (id, at), (lot, amount))?;
        }
        Ok(())
    }

    /// Moves what is left of one lot, as a transfer `id` effective `at`.
    pub(super) fn expire_lot(
        &mut self,
        unit: &Unit,
        key: AccountKey,
        (id, at): (TransferId, Timestamp),
        (lot_seq, amount): (i64, Amount),
    ) -> Result<(), Refusal> {
        let (_, account) = key;
        let to = self.standing.account(key)?.expires_to;
        let to = to.expect("an account of lots says where they expire to");
        let recorded_at = self.recorded_at(unit, [account, to]);
        let mut recording = Recording::new(unit, id, EXPIRE, recorded_at);
        (recording.effective_at, recording.flow) = (at, Flow::Expiry);
        let entry_seq = self.enter(&mut recording, account, -amount)?;
        self.move_lot(key, LotMove { entry_seq, lot_seq, amount: -amount });
        self.enter(&mut recording, to, amount)?;
        self.record(recording);
        Ok(())
    }
}

/// The identifier of an expiry: the same expiry of the same account, the same identifier.
pub(super) fn expiry_id((tenant, account): AccountKey, of: &[i64]) -> TransferId {
    let numbers: Vec<String> = of.iter().map(ToString::to_string).collect();
    let (tenant, account) = (tenant.to_string(), account.to_string());
    let mut words = vec![EXPIRE, tenant.as_str(), account.as_str()];
    words.extend(numbers.iter().map(String::as_str));
    TransferId::of_words(&words)
}
