//! The engine: accounts as they stand and units in, outcomes and rows out. Pure.
//!
//! It is told everything it may need ([`Standing`]) and remembers what it decided ([`Changes`]).
//! A unit that is refused leaves no trace: what it touched is put back.

pub(crate) mod changes;
pub(crate) mod standing;

mod accounts;
mod expiry;
mod holds;
mod legs;
mod lots;
mod recording;
mod reversal;

use socle_kernel::{HoldId, TenantId, Timestamp, TransferId};

use crate::{
    Command, Receipt, Refusal, Unit,
    hold::Hold,
    lot::Lot,
    transfer::METADATA_MAX,
    unit::{Announcement, COMMANDS_MAX},
};
use changes::{Changes, Mark};
use standing::{AccountKey, Figures, Standing};

/// Decides the units of one batch, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Engine {
    pub(crate) standing: Standing,
    pub(crate) changes: Changes,
    undo: Vec<Saved>,
    /// No open hold ends before this.
    next_due: Option<Timestamp>,
}

/// How something stood before the unit at hand touched it.
#[derive(Debug)]
enum Saved {
    Opened(AccountKey),
    Figures(AccountKey, Figures),
    Lots(AccountKey, Vec<Lot>),
    Placed(TenantId, HoldId),
    Hold(TenantId, Hold),
    Known(TenantId, TransferId),
    Original(TenantId, TransferId),
    Reversed(TenantId, TransferId),
}

impl Engine {
    /// Starts from what is known.
    pub(crate) fn new(standing: Standing) -> Self {
        let mut engine = Self { standing, ..Self::default() };
        engine.next_due = engine.standing.next_due();
        engine
    }

    /// Decides a unit: all of it takes effect, or nothing.
    ///
    /// The holds of its tenant that the clock has ended are let go first, whatever becomes of it.
    pub(crate) fn decide(&mut self, unit: &Unit) -> Result<Receipt, Refusal> {
        self.release_due(unit);
        self.undo.clear();
        let mark = self.changes.mark();
        let done = self.take(unit);
        if done.is_err() {
            self.put_back(&mark);
        }
        self.undo.clear();
        done
    }

    fn take(&mut self, unit: &Unit) -> Result<Receipt, Refusal> {
        let (first, moved) = (self.changes.posted.len(), self.changes.moves.len());
        let mut receipt = Receipt::default();
        check_size(unit)?;
        for command in &unit.commands {
            let from = self.changes.posted.len();
            self.command(unit, command, &mut receipt)?;
            receipt.posted.extend(self.changes.posted[from..].iter().map(|it| it.posted.clone()));
            // What had been posted before is part of the answer, and has been announced before.
            receipt.posted.append(&mut receipt.repeated);
        }
        receipt.lots = self.lots_used(moved);
        self.announce(unit, first)?;
        self.changes.rows.extend(unit.rows.iter().map(|it| (unit.tenant, it.clone())));
        Ok(receipt)
    }

    fn command(
        &mut self,
        unit: &Unit,
        command: &Command,
        receipt: &mut Receipt,
    ) -> Result<(), Refusal> {
        match command {
            Command::Open(it) => self.open(unit, it),
            Command::Post(it) => self.post(unit, it, receipt),
            Command::Hold(it) => self.hold(unit, it),
            Command::Capture(it) => self.capture(unit, it, receipt),
            Command::Void(it) => self.void(unit, *it),
            Command::Release(it) => self.release(unit, *it),
            Command::Reverse(it) => self.reverse(unit, it, receipt),
            Command::Expire(it) => self.expire(unit, *it),
            Command::Close(it) => self.close(unit, *it),
        }
    }

    /// Makes the events of what the unit posted: the transfers from `first` on.
    fn announce(&mut self, unit: &Unit, first: usize) -> Result<(), Refusal> {
        let Some(announce) = unit.announce else { return Ok(()) };
        for it in &self.changes.posted[first..] {
            let (tenant, author, posted) = (unit.tenant, &unit.author, &it.posted);
            let of = Announcement { tenant, author, posted };
            let fact = announce(&of);
            let fact = fact.map_err(|it| Refusal::Unstorable { why: it.to_string() })?;
            self.changes.facts.push(fact);
        }
        Ok(())
    }

    fn put_back(&mut self, mark: &Mark) {
        self.changes.back_to(mark);
        while let Some(saved) = self.undo.pop() {
            self.standing.put_back(saved);
        }
    }
}

impl Standing {
    fn put_back(&mut self, saved: Saved) {
        match saved {
            Saved::Opened(key) => drop(self.accounts.remove(&key)),
            Saved::Figures(key, figures) => {
                let account = self.accounts.get_mut(&key);
                account.expect("an account that was changed").take_figures(&figures);
            }
            Saved::Lots(key, lots) => drop(self.lots.insert(key, lots)),
            Saved::Placed(tenant, hold) => drop(self.holds.remove(&(tenant, hold))),
            Saved::Hold(tenant, hold) => drop(self.holds.insert((tenant, hold.id), hold)),
            Saved::Known(tenant, transfer) => drop(self.known.remove(&(tenant, transfer))),
            Saved::Original(tenant, id) => drop(self.originals.remove(&(tenant, id))),
            Saved::Reversed(tenant, transfer) => {
                let original = self.originals.get_mut(&(tenant, transfer));
                original.expect("a transfer that was reversed").is_reversed = false;
            }
        }
    }
}

fn check_size(unit: &Unit) -> Result<(), Refusal> {
    let metadata = unit.commands.iter().map(|it| match it {
        Command::Post(it) => it.memo.metadata.len(),
        Command::Capture(it) => it.memo.metadata.len(),
        Command::Reverse(it) => it.memo.metadata.len(),
        _ => 0,
    });
    if COMMANDS_MAX < unit.commands.len() || metadata.max().is_some_and(|it| METADATA_MAX < it) {
        return Err(Refusal::TooMuch { max: COMMANDS_MAX, metadata: METADATA_MAX });
    }
    if unit.keys.is_empty() && !unit.rows.is_empty() {
        return Err(Refusal::KeyMissing);
    }
    Ok(())
}
