//! Books as anybody would keep them on paper: vectors, and everything reckoned anew each time.
//!
//! It shares no code with the engine; what both agree on is the meaning of the commands.

mod commands;
mod holds;
mod value;

pub(crate) use commands::Want;

/// Accounts by their place: see [`Books::opened`].
pub(crate) const ACCOUNTS: usize = 6;
pub(crate) const BANK: usize = 0;
pub(crate) const ALICE: usize = 1;
pub(crate) const BOB: usize = 2;
/// Value in lots, that expire to the breakage.
pub(crate) const CAROL: usize = 3;
pub(crate) const BREAKAGE: usize = 4;
pub(crate) const DEBT: usize = 5;
pub(crate) const BOBS_CEILING: i64 = 120;

/// A refusal's code.
pub(crate) type No = &'static str;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    Plain,
    Correction,
    Expiry,
}

#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) floor: Option<i64>,
    pub(crate) ceiling: Option<i64>,
    pub(crate) has_lots: bool,
    pub(crate) is_closed: bool,
    /// Minutes; when its last entry was recorded.
    pub(crate) recorded: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) account: usize,
    pub(crate) amount: i64,
    pub(crate) effective: i64,
    pub(crate) flow: Flow,
}

#[derive(Debug, Clone)]
pub(crate) struct Lot {
    /// The entry that brought it.
    pub(crate) entry: usize,
    pub(crate) amount: i64,
    pub(crate) effective: i64,
    pub(crate) expires: Option<i64>,
}

/// What an entry took from a lot, or gave back.
#[derive(Debug, Clone)]
pub(crate) struct Move {
    pub(crate) entry: usize,
    pub(crate) lot: usize,
    pub(crate) amount: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct Hold {
    pub(crate) id: u32,
    pub(crate) account: usize,
    pub(crate) counter: usize,
    pub(crate) amount: i64,
    pub(crate) captured: i64,
    pub(crate) expires: i64,
    pub(crate) state: &'static str,
    /// (lot, what is left of it).
    pub(crate) parts: Vec<(usize, i64)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Transfer {
    /// `None`: an expiry, which the books make themselves.
    pub(crate) id: Option<u32>,
    pub(crate) entries: Vec<usize>,
    pub(crate) reverses: Option<u32>,
}

/// The books of one tenant.
#[derive(Debug, Clone)]
pub(crate) struct Books {
    pub(crate) accounts: Vec<Account>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) lots: Vec<Lot>,
    pub(crate) moves: Vec<Move>,
    pub(crate) holds: Vec<Hold>,
    pub(crate) transfers: Vec<Transfer>,
}

impl Books {
    pub(crate) fn opened() -> Self {
        let account = |floor, ceiling, has_lots| Account {
            floor,
            ceiling,
            has_lots,
            is_closed: false,
            recorded: 0,
        };
        Self {
            accounts: vec![
                account(None, None, false),
                account(Some(0), None, false),
                account(Some(0), Some(BOBS_CEILING), false),
                account(Some(0), None, true),
                account(None, None, false),
                account(None, Some(0), false),
            ],
            entries: Vec::new(),
            lots: Vec::new(),
            moves: Vec::new(),
            holds: Vec::new(),
            transfers: Vec::new(),
        }
    }

    /// All of the unit, or nothing.
    pub(crate) fn unit(&mut self, now: i64, wants: &[Want]) -> Result<(), No> {
        self.end_holds(now);
        let mut next = self.clone();
        for want in wants {
            next.want(now, want)?;
        }
        *self = next;
        Ok(())
    }

    pub(crate) fn balance(&self, account: usize) -> i64 {
        self.entries.iter().filter(|it| it.account == account).map(|it| it.amount).sum()
    }

    /// What an open hold still keeps.
    fn left(hold: &Hold) -> i64 {
        if hold.state == "open" { hold.amount - hold.captured } else { 0 }
    }

    pub(crate) fn pending_debit(&self, account: usize) -> i64 {
        self.holds.iter().filter(|it| it.account == account).map(Self::left).sum()
    }

    pub(crate) fn pending_credit(&self, account: usize) -> i64 {
        self.holds.iter().filter(|it| it.counter == account).map(Self::left).sum()
    }

    pub(crate) fn remaining(&self, lot: usize) -> i64 {
        let moved: i64 = self.moves.iter().filter(|it| it.lot == lot).map(|it| it.amount).sum();
        self.lots[lot].amount + moved
    }

    pub(crate) fn reserved(&self, lot: usize) -> i64 {
        let open = self.holds.iter().filter(|it| it.state == "open");
        open.flat_map(|it| &it.parts).filter(|it| it.0 == lot).map(|it| it.1).sum()
    }

    pub(crate) fn free(&self, lot: usize) -> i64 {
        self.remaining(lot) - self.reserved(lot)
    }

    pub(crate) fn is_expired(&self, lot: usize, at: i64) -> bool {
        self.lots[lot].expires.is_some_and(|it| it <= at)
    }

    fn is_open(&self, lot: usize, at: i64) -> bool {
        self.lots[lot].effective <= at && !self.is_expired(lot, at)
    }

    /// Carol's lots that are open at a moment, first in first; she alone has lots.
    fn open_lots(&self, at: i64) -> Vec<usize> {
        let mut open: Vec<usize> =
            (0..self.lots.len()).filter(|it| self.is_open(*it, at)).collect();
        open.sort_by_key(|it| (self.lots[*it].effective, self.lots[*it].entry));
        open
    }

    /// When something that touches these accounts is recorded.
    fn recorded(&self, now: i64, accounts: &[usize]) -> i64 {
        accounts.iter().map(|it| self.accounts[*it].recorded).fold(now, i64::max)
    }

    /// How much can be debited, and credited, by the bounds.
    fn room(&self, account: usize) -> (i64, i64) {
        let balance = self.balance(account);
        let it = &self.accounts[account];
        let debit = it.floor.map(|floor| balance - self.pending_debit(account) - floor);
        let credit = it.ceiling.map(|top| top - balance - self.pending_credit(account));
        (debit.unwrap_or(i64::MAX), credit.unwrap_or(i64::MAX))
    }
}
