//! What the engine decided: the rows that one statement will write.

use std::collections::{BTreeSet, HashMap};

use socle_events::{Author, Fact};
use socle_kernel::{HoldId, TenantId};

use super::standing::AccountKey;
use crate::{Posted, Row, lot::LotMove};

/// Rows to be written; what is only changed is named, and read from the standing at the end.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) posted: Vec<PostedRow>,
    pub(crate) entries: Vec<EntryRow>,
    pub(crate) moves: Vec<(AccountKey, LotMove)>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) rows: Vec<(TenantId, Row)>,
    pub(crate) opened: Vec<AccountKey>,
    pub(crate) lots_brought: Vec<(AccountKey, i64)>,
    pub(crate) holds_placed: Vec<(TenantId, HoldId)>,
    /// A name too many costs a row written as it was.
    pub(crate) accounts_changed: BTreeSet<AccountKey>,
    pub(crate) lots_changed: BTreeSet<(AccountKey, i64)>,
    pub(crate) holds_changed: BTreeSet<(TenantId, HoldId)>,
}

#[derive(Debug)]
pub(crate) struct PostedRow {
    pub(crate) tenant: TenantId,
    pub(crate) author: Author,
    pub(crate) fingerprint: i64,
    pub(crate) posted: Posted,
}

#[derive(Debug)]
pub(crate) struct EntryRow {
    pub(crate) account: AccountKey,
    /// Where its transfer is among [`Changes::posted`].
    pub(crate) of: usize,
    pub(crate) leg: usize,
}

/// How many rows there were before a unit.
#[derive(Debug)]
pub(crate) struct Mark([usize; 8]);

impl Changes {
    /// For each transfer, how many of its tenant's follow: its distance from the journal's head.
    pub(crate) fn behind(&self) -> Vec<i64> {
        let mut seen: HashMap<TenantId, i64> = HashMap::new();
        let mut behind: Vec<i64> = Vec::with_capacity(self.posted.len());
        for it in self.posted.iter().rev() {
            let after = seen.entry(it.tenant).or_default();
            behind.push(*after);
            *after += 1;
        }
        behind.reverse();
        behind
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark([
            self.posted.len(),
            self.entries.len(),
            self.moves.len(),
            self.facts.len(),
            self.rows.len(),
            self.opened.len(),
            self.lots_brought.len(),
            self.holds_placed.len(),
        ])
    }

    pub(crate) fn back_to(&mut self, Mark(lengths): &Mark) {
        let [posted, entries, moves, facts, rows, opened, lots, holds] = *lengths;
        self.posted.truncate(posted);
        self.entries.truncate(entries);
        self.moves.truncate(moves);
        self.facts.truncate(facts);
        self.rows.truncate(rows);
        self.opened.truncate(opened);
        self.lots_brought.truncate(lots);
        self.holds_placed.truncate(holds);
    }
}
