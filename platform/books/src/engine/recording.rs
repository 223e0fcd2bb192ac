//! Recording: how a transfer that has been decided becomes entries.

use socle_kernel::{AccountId, Amount, HoldId, Timestamp, TransferId};

use super::{
    Engine, Saved,
    changes::{EntryRow, PostedRow},
    standing::{AccountKey, Known},
};
use crate::{Flow, Memo, Posted, PostedLeg, Receipt, Refusal, Unit};

/// A transfer while its legs are being entered.
pub(super) struct Recording<'u> {
    pub(super) unit: &'u Unit,
    pub(super) id: TransferId,
    pub(super) kind: &'u str,
    pub(super) flow: Flow,
    pub(super) recorded_at: Timestamp,
    pub(super) effective_at: Timestamp,
    pub(super) reverses: Option<TransferId>,
    pub(super) hold: Option<HoldId>,
    pub(super) memo: &'u Memo,
    pub(super) fingerprint: i64,
    pub(super) legs: Vec<PostedLeg>,
}

impl<'u> Recording<'u> {
    /// A transfer of this unit that counts from `at` on.
    pub(super) fn new(unit: &'u Unit, id: TransferId, kind: &'u str, at: Timestamp) -> Self {
        const NOTHING: &Memo = &Memo { reason: None, metadata: Vec::new() };
        let (recorded_at, effective_at) = (at, at);
        let (reverses, hold, fingerprint, legs) = (None, None, 0, Vec::new());
        Self {
            unit,
            id,
            kind,
            flow: Flow::Plain,
            recorded_at,
            effective_at,
            reverses,
            hold,
            memo: NOTHING,
            fingerprint,
            legs,
        }
    }

    pub(super) fn key(&self, account: AccountId) -> AccountKey {
        (self.unit.tenant, account)
    }
}

impl Engine {
    /// When a transfer over these accounts is recorded: now, or with the last of their entries if
    /// a clock has gone back since.
    pub(super) fn recorded_at(
        &self,
        unit: &Unit,
        accounts: impl IntoIterator<Item = AccountId>,
    ) -> Timestamp {
        let there = accounts.into_iter().filter_map(|it| {
            self.standing.accounts.get(&(unit.tenant, it)).map(|it| it.recorded_at)
        });
        there.fold(unit.now, Timestamp::max)
    }

    /// Whether this transfer has been posted before, in which case it joins the receipt.
    pub(super) fn is_known(
        &self,
        unit: &Unit,
        (id, fingerprint): (TransferId, i64),
        receipt: &mut Receipt,
    ) -> Result<bool, Refusal> {
        match self.standing.known.get(&(unit.tenant, id)) {
            None => Ok(false),
            Some(known) if known.fingerprint == fingerprint => {
                receipt.repeated.push(known.posted.clone());
                Ok(true)
            }
            Some(_) => Err(Refusal::IdReused),
        }
    }

    /// Enters one leg; returns the entry's `seq`. Bounds are checked, lots are not touched.
    pub(super) fn enter(
        &mut self,
        recording: &mut Recording<'_>,
        account: AccountId,
        amount: Amount,
    ) -> Result<i64, Refusal> {
        let it = self.standing.account(recording.key(account))?;
        if it.is_closed {
            return Err(Refusal::AccountClosed { account });
        }
        if amount.is_negative() {
            let available = it.debit_room().map_err(|_| Refusal::TooLarge)?;
            if available < -amount {
                return Err(Refusal::Insufficient { account, available, asked: -amount });
            }
        } else {
            let room = it.credit_room().map_err(|_| Refusal::TooLarge)?;
            if room < amount {
                return Err(Refusal::AboveCeiling { account, room, asked: amount });
            }
        }
        let it = self.change(recording.key(account))?;
        it.balance = it.balance.plus(amount).map_err(|_| Refusal::TooLarge)?;
        it.seq += 1;
        it.recorded_at = recording.recorded_at;
        let (asset, seq, balance) = (it.asset.clone(), it.seq, it.balance);
        recording.legs.push(PostedLeg { account, asset, seq, amount, balance });
        Ok(seq)
    }

    /// Writes the transfer and its entries down.
    pub(super) fn record(&mut self, it: Recording<'_>) {
        // As a table keeps them, so that a repetition gets the same answer.
        let mut metadata = it.memo.metadata.clone();
        metadata.sort_unstable();
        metadata.dedup();
        let posted = Posted {
            id: it.id,
            number: 0,
            kind: it.kind.to_owned(),
            flow: it.flow,
            recorded_at: it.recorded_at,
            effective_at: it.effective_at,
            legs: it.legs,
            reverses: it.reverses,
            hold: it.hold,
            actor: (it.unit.author.actortype.to_owned(), it.unit.author.actorid.clone()),
            correlation: it.unit.author.correlationid,
            reason: it.memo.reason.clone(),
            metadata,
        };
        let (tenant, of) = (it.unit.tenant, self.changes.posted.len());
        let entries = posted.legs.iter().enumerate().map(|(leg, entry)| EntryRow {
            account: (tenant, entry.account),
            of,
            leg,
        });
        self.changes.entries.extend(entries);
        let fingerprint = it.fingerprint;
        let author = it.unit.author.clone();
        self.standing.known.insert((tenant, it.id), Known { fingerprint, posted: posted.clone() });
        self.undo.push(Saved::Known(tenant, it.id));
        self.changes.posted.push(PostedRow { tenant, author, fingerprint, posted });
    }
}
