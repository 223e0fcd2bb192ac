//! How value moves: entries, and the lots behind them.

use super::{BREAKAGE, Books, CAROL, Entry, Flow, Lot, Move, No, Transfer};

/// A transfer being written.
pub(super) struct Slip {
    pub(super) id: Option<u32>,
    pub(super) recorded: i64,
    pub(super) effective: i64,
    pub(super) flow: Flow,
    pub(super) reverses: Option<u32>,
    pub(super) entries: Vec<usize>,
}

impl Slip {
    pub(super) fn new(id: u32, at: i64) -> Self {
        let (id, entries) = (Some(id), Vec::new());
        Self { id, recorded: at, effective: at, flow: Flow::Plain, reverses: None, entries }
    }
}

impl Books {
    /// Writes an entry down if the account and its bounds admit it.
    pub(super) fn enter(&mut self, slip: &mut Slip, on: usize, amount: i64) -> Result<usize, No> {
        if self.accounts[on].is_closed {
            return Err("account-closed");
        }
        let (debit, credit) = self.room(on);
        if debit < -amount {
            return Err("insufficient");
        }
        if credit < amount {
            return Err("above-ceiling");
        }
        self.accounts[on].recorded = slip.recorded;
        let (effective, flow) = (slip.effective, slip.flow);
        self.entries.push(Entry { account: on, amount, effective, flow });
        slip.entries.push(self.entries.len() - 1);
        Ok(self.entries.len() - 1)
    }

    pub(super) fn record(&mut self, slip: Slip) {
        let Slip { id, reverses, entries, .. } = slip;
        self.transfers.push(Transfer { id, entries, reverses });
    }

    pub(super) fn bring(&mut self, entry: usize, expires: Option<i64>) {
        let Entry { amount, effective, .. } = self.entries[entry];
        self.lots.push(Lot { entry, amount, effective, expires });
    }

    /// Moves an amount, and lots where there are some.
    pub(super) fn put(
        &mut self,
        slip: &mut Slip,
        (on, amount): (usize, i64),
        expires: Option<i64>,
    ) -> Result<(), No> {
        if !self.accounts[on].has_lots {
            return self.enter(slip, on, amount).map(drop);
        }
        if 0 < amount {
            if expires.is_some_and(|it| it <= slip.effective) {
                return Err("expires-too-soon");
            }
            let entry = self.enter(slip, on, amount)?;
            self.bring(entry, expires);
            return Ok(());
        }
        let open = self.open_lots(slip.effective);
        if open.iter().map(|it| self.free(*it)).sum::<i64>() < -amount {
            return Err("insufficient");
        }
        let entry = self.enter(slip, on, amount)?;
        let mut left = -amount;
        for lot in open {
            let part = self.free(lot).min(left);
            if 0 < part {
                self.moves.push(Move { entry, lot, amount: -part });
                left -= part;
            }
        }
        Ok(())
    }

    /// Moves an amount as far as an account admits it, and the rest on the other one.
    pub(super) fn put_or_overflow(
        &mut self,
        slip: &mut Slip,
        (on, amount): (usize, i64),
        (over, expires): (usize, Option<i64>),
    ) -> Result<(), No> {
        let (debit, credit) = self.room(on);
        let open = self.open_lots(slip.effective);
        let free = open.iter().map(|it| self.free(*it)).sum::<i64>();
        let debit = if self.accounts[on].has_lots { debit.min(free) } else { debit };
        let own = if amount < 0 { amount.max(-debit.max(0)) } else { amount.min(credit.max(0)) };
        for (account, part) in [(on, own), (over, amount - own)] {
            if part != 0 {
                self.put(slip, (account, part), expires)?;
            }
        }
        Ok(())
    }

    /// What has expired of Carol's lots, each at its date.
    pub(super) fn expire(&mut self, now: i64, account: usize) -> Result<(), No> {
        if account != CAROL {
            return Ok(());
        }
        let mut due: Vec<usize> =
            (0..self.lots.len()).filter(|it| self.is_expired(*it, now)).collect();
        due.sort_by_key(|it| (self.lots[*it].effective, self.lots[*it].entry));
        for lot in due {
            let free = self.free(lot);
            if 0 < free {
                let at = self.lots[lot].expires.expect("it has expired");
                self.expire_part(now, at, (lot, free))?;
            }
        }
        Ok(())
    }

    fn expire_part(&mut self, now: i64, at: i64, (lot, part): (usize, i64)) -> Result<(), No> {
        let recorded = self.recorded(now, &[CAROL, BREAKAGE]);
        let mut slip = Slip { id: None, flow: Flow::Expiry, ..Slip::new(0, recorded) };
        slip.effective = at;
        let entry = self.enter(&mut slip, CAROL, -part)?;
        self.moves.push(Move { entry, lot, amount: -part });
        self.enter(&mut slip, BREAKAGE, part)?;
        self.record(slip);
        Ok(())
    }

    pub(super) fn reverse(&mut self, now: i64, id: u32, of: u32) -> Result<(), No> {
        let original = self.transfers.iter().find(|it| it.id == Some(of));
        let Some(original) = original.cloned() else { return Err("unknown-transfer") };
        if original.reverses.is_some() {
            return Err("not-reversible");
        }
        if self.transfers.iter().any(|it| it.reverses == Some(of)) {
            return Err("already-reversed");
        }
        let accounts: Vec<usize> =
            original.entries.iter().map(|it| self.entries[*it].account).collect();
        let mut slip = Slip::new(id, self.recorded(now, &accounts));
        (slip.flow, slip.reverses) = (Flow::Correction, Some(of));
        let mut back = Vec::new();
        for place in original.entries {
            back.extend(self.mirror(&mut slip, place)?);
        }
        self.record(slip);
        for (lot, part) in back {
            let at = self.recorded(now, &[CAROL]);
            if self.is_expired(lot, at) {
                self.expire_part(now, at, (lot, part))?;
            }
        }
        Ok(())
    }

    /// Mirrors an entry; returns what came back to which lot.
    fn mirror(&mut self, slip: &mut Slip, place: usize) -> Result<Vec<(usize, i64)>, No> {
        let Entry { account, amount, .. } = self.entries[place];
        let brought = (0..self.lots.len()).find(|it| self.lots[*it].entry == place);
        if let Some(lot) = brought
            && (!self.is_open(lot, slip.effective) || self.free(lot) < amount)
        {
            return Err("lots-spent");
        }
        let entry = self.enter(slip, account, -amount)?;
        if let Some(lot) = brought {
            self.moves.push(Move { entry, lot, amount: -amount });
        }
        // First in, first back.
        let mut taken: Vec<Move> =
            self.moves.iter().filter(|it| it.entry == place).cloned().collect();
        taken.sort_by_key(|it| (self.lots[it.lot].effective, self.lots[it.lot].entry));
        let mut back = Vec::new();
        for it in taken {
            self.moves.push(Move { entry, lot: it.lot, amount: -it.amount });
            back.push((it.lot, -it.amount));
        }
        Ok(back)
    }
}
