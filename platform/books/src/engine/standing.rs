//! What the engine is told: accounts, lots, holds and earlier transfers, as they stand.

use std::collections::HashMap;

use socle_kernel::{AccountId, Amount, HoldId, TenantId, Timestamp, TransferId};

use crate::{
    Posted, Refusal,
    account::Account,
    hold::{Hold, HoldState},
    lot::{Lot, LotMove},
};

/// An account of one tenant: identifiers are only unique inside a tenant.
pub(crate) type AccountKey = (TenantId, AccountId);

/// Everything that the units of a batch may need, under lock.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    pub(crate) accounts: HashMap<AccountKey, Account>,
    /// Lots in the order in which they are spent.
    pub(crate) lots: HashMap<AccountKey, Vec<Lot>>,
    pub(crate) holds: HashMap<(TenantId, HoldId), Hold>,
    /// Transfers that are to be reversed.
    pub(crate) originals: HashMap<(TenantId, TransferId), Original>,
    /// Transfers that are there already, under identifiers that the batch uses.
    pub(crate) known: HashMap<(TenantId, TransferId), Known>,
}

/// A transfer that is there already.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) fingerprint: i64,
    pub(crate) posted: Posted,
}

/// A transfer that is to be reversed.
#[derive(Debug, Clone)]
pub(crate) struct Original {
    pub(crate) posted: Posted,
    pub(crate) is_reversed: bool,
    pub(crate) moves: Vec<(AccountId, LotMove)>,
}

/// The part of an account that changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) is_closed: bool,
    pub(crate) balance: Amount,
    pub(crate) pending_debit: Amount,
    pub(crate) pending_credit: Amount,
    pub(crate) seq: i64,
    pub(crate) recorded_at: Timestamp,
}

impl Account {
    pub(crate) fn figures(&self) -> Figures {
        Figures {
            is_closed: self.is_closed,
            balance: self.balance,
            pending_debit: self.pending_debit,
            pending_credit: self.pending_credit,
            seq: self.seq,
            recorded_at: self.recorded_at,
        }
    }

    pub(crate) fn take_figures(&mut self, it: &Figures) {
        self.is_closed = it.is_closed;
        self.balance = it.balance;
        self.pending_debit = it.pending_debit;
        self.pending_credit = it.pending_credit;
        self.seq = it.seq;
        self.recorded_at = it.recorded_at;
    }
}

impl Standing {
    /// The account, which must belong to the tenant that asks.
    pub(crate) fn account(&self, (tenant, id): AccountKey) -> Result<&Account, Refusal> {
        self.accounts.get(&(tenant, id)).ok_or(Refusal::UnknownAccount { account: id })
    }

    /// When the next open hold ends.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        let open = self.holds.values().filter(|it| it.state == HoldState::Open);
        open.map(|it| it.expires_at).min()
    }

    /// The account's lots; none for an account whose lots nobody asked for.
    pub(crate) fn lots(&self, key: AccountKey) -> &[Lot] {
        self.lots.get(&key).map_or(&[], Vec::as_slice)
    }
}
