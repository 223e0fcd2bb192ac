//! Opening and closing accounts.

use socle_kernel::{Amount, Timestamp};

use super::{Engine, Saved, standing::AccountKey};
use crate::{Command, NewAccount, Refusal, Unit, account::Account};

impl Engine {
    /// Opens an account; one that is there already is left as it is, if it is the same.
    pub(super) fn open(&mut self, unit: &Unit, new: &NewAccount) -> Result<(), Refusal> {
        let key = (unit.tenant, new.id);
        if let Some(there) = self.standing.accounts.get(&key) {
            let same = there.is_opened_by(new);
            return same.then_some(()).ok_or(Refusal::AccountDiffers { account: new.id });
        }
        self.check_expires_to(unit, new)?;
        self.standing.accounts.insert(key, Account::opened(new, unit.now));
        self.standing.lots.insert(key, Vec::new());
        self.changes.opened.push(key);
        self.undo.push(Saved::Opened(key));
        Ok(())
    }

    /// Value expires within its asset, and to where it expires no more.
    fn check_expires_to(&self, unit: &Unit, new: &NewAccount) -> Result<(), Refusal> {
        let Some(account) = new.expires_to else { return Ok(()) };
        let there = self.standing.accounts.get(&(unit.tenant, account));
        let opened = unit.commands.iter().find_map(|it| match it {
            Command::Open(it) if it.id == account => Some((&it.asset, it.expires_to.is_some())),
            _ => None,
        });
        let to = there.map(|it| (&it.asset, it.has_lots())).or(opened);
        let (asset, has_lots) = to.ok_or(Refusal::UnknownAccount { account })?;
        if asset != &new.asset {
            return Err(Refusal::AssetsDiffer);
        }
        if has_lots {
            return Err(Refusal::AccountDiffers { account });
        }
        Ok(())
    }

    /// Closes an account that has neither value nor holds.
    pub(super) fn close(
        &mut self,
        unit: &Unit,
        id: socle_kernel::AccountId,
    ) -> Result<(), Refusal> {
        let account = self.standing.account((unit.tenant, id))?;
        let amounts = [account.balance, account.pending_debit, account.pending_credit];
        if !amounts.iter().all(|it| it.is_zero()) {
            return Err(Refusal::AccountNotEmpty { account: id });
        }
        self.change((unit.tenant, id))?.is_closed = true;
        Ok(())
    }

    /// The account, to be changed; how it stood is remembered.
    pub(super) fn change(&mut self, key: AccountKey) -> Result<&mut Account, Refusal> {
        let account = self.standing.accounts.get_mut(&key);
        let account = account.ok_or(Refusal::UnknownAccount { account: key.1 })?;
        self.undo.push(Saved::Figures(key, account.figures()));
        self.changes.accounts_changed.insert(key);
        Ok(account)
    }
}

impl Account {
    fn opened(new: &NewAccount, at: Timestamp) -> Self {
        let NewAccount { id, asset, owner, purpose, side, bounds, expires_to } = new.clone();
        let (balance, pending_debit, pending_credit) = (Amount::ZERO, Amount::ZERO, Amount::ZERO);
        let (seq, is_closed, recorded_at) = (0, false, at);
        Self {
            id,
            asset,
            owner,
            purpose,
            side,
            bounds,
            expires_to,
            is_closed,
            balance,
            pending_debit,
            pending_credit,
            seq,
            recorded_at,
        }
    }

    fn is_opened_by(&self, new: &NewAccount) -> bool {
        let there = (&self.asset, &self.owner, &self.purpose, self.side, self.bounds);
        there == (&new.asset, &new.owner, &new.purpose, new.side, new.bounds)
            && self.expires_to == new.expires_to
    }
}
