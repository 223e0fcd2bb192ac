//! Units: all that must commit together.

use serde_json::Value;
use socle_events::{Author, Fact};
use socle_kernel::{AccountId, Asset, Cx, Fault, HoldId, TenantId, Timestamp, TransferId};

use crate::{Capture, Hold, KEYS_MAX, Key, Memo, NewAccount, NewHold, Posted, Reversal, Transfer};

/// The most commands of a unit: what one caller may make everybody else wait for.
pub const COMMANDS_MAX: usize = 1_000;

/// What one caller wants: commands that all take effect or none, and what goes with them.
#[derive(Debug, Clone)]
pub struct Unit {
    pub tenant: TenantId,
    pub author: Author,
    pub now: Timestamp,
    /// Any of them makes a repetition harmless; at most [`KEYS_MAX`].
    pub keys: Vec<Key>,
    pub commands: Vec<Command>,
    /// The module's own rows.
    pub rows: Vec<Row>,
    /// Makes the event of each transfer that the unit posts.
    pub announce: Option<Announce>,
    /// Makes the event of each hold that the unit places or voids, and of those of its tenant that
    /// it finds ended by the clock.
    pub announce_hold: Option<AnnounceHold>,
}

/// From a transfer as posted to its event.
pub type Announce = fn(&Announcement<'_>) -> Result<Fact, Fault>;

/// From a hold as it stands to the event of what has become of it.
pub type AnnounceHold = fn(&HoldAnnouncement<'_>) -> Result<Fact, Fault>;

/// What an event may tell of.
#[derive(Debug)]
pub struct Announcement<'u> {
    pub tenant: TenantId,
    pub author: &'u Author,
    pub posted: &'u Posted,
}

/// What the event of a hold may tell of.
#[derive(Debug)]
pub struct HoldAnnouncement<'u> {
    pub tenant: TenantId,
    /// Whose unit it is, who need not know of a hold that the clock has ended.
    pub author: &'u Author,
    pub now: Timestamp,
    /// Of both its accounts.
    pub asset: &'u Asset,
    /// Open: it has been placed.
    pub hold: &'u Hold,
}

/// What can be done to the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Opens an account unless it is there.
    Open(NewAccount),
    Post(Transfer),
    Hold(NewHold),
    Capture(Capture),
    Void(HoldId),
    /// Writes down that the clock has ended a hold, if it has: nothing else changes by that.
    Release(HoldId),
    Reverse(Reversal),
    /// Moves what has expired in an account to where its expired value goes, each lot at its date.
    Expire(AccountId),
    /// Closes an empty account for good.
    Close(AccountId),
}

/// A row of one of the module's own tables, written in the same commit.
#[derive(Debug, Clone)]
pub struct Row {
    pub table: &'static Table,
    /// An object with a field a column; `tenant_id` is the unit's, whatever is said here.
    pub values: Value,
}

/// A table of the module that units may add rows to.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Table {
    /// With its schema.
    pub name: &'static str,
    pub columns: &'static str,
}

impl Unit {
    /// An empty unit of this caller.
    #[must_use]
    pub fn new(cx: &Cx) -> Self {
        Self {
            tenant: cx.tenant,
            author: Author::from(cx),
            now: cx.now,
            keys: Vec::new(),
            commands: Vec::new(),
            rows: Vec::new(),
            announce: None,
            announce_hold: None,
        }
    }

    /// Adds a key.
    ///
    /// # Panics
    ///
    /// When there are [`KEYS_MAX`] already.
    #[must_use]
    pub fn keyed(mut self, key: Key) -> Self {
        assert!(self.keys.len() < KEYS_MAX, "a unit has at most {KEYS_MAX} keys");
        self.keys.push(key);
        self
    }

    #[must_use]
    pub fn with(mut self, command: Command) -> Self {
        self.commands.push(command);
        self
    }

    #[must_use]
    pub fn with_row(mut self, row: Row) -> Self {
        self.rows.push(row);
        self
    }

    #[must_use]
    pub fn announcing(self, announce: Announce) -> Self {
        Self { announce: Some(announce), ..self }
    }

    #[must_use]
    pub fn announcing_holds(self, announce: AnnounceHold) -> Self {
        Self { announce_hold: Some(announce), ..self }
    }

    /// The transfers that the unit names.
    pub(crate) fn transfers(&self) -> impl Iterator<Item = TransferId> {
        self.commands.iter().filter_map(|it| match it {
            Command::Post(it) => Some(it.id),
            Command::Capture(it) => Some(it.id),
            Command::Reverse(it) => Some(it.id),
            _ => None,
        })
    }
}

impl Unit {
    /// How large it is, as far as the caller decides about it.
    pub(crate) fn bytes(&self) -> usize {
        let memo = |it: &Memo| {
            let reason = it.reason.as_ref().map_or(0, String::len);
            reason + it.metadata.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>()
        };
        let commands = self.commands.iter().map(|it| match it {
            Command::Post(it) => memo(&it.memo) + 64 * it.legs.len(),
            Command::Capture(it) => memo(&it.memo),
            Command::Reverse(it) => memo(&it.memo),
            _ => 64,
        });
        commands.sum::<usize>() + 256 * self.rows.len()
    }
}
