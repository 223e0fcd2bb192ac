//! Units: all that must commit together.

use std::hash::{Hash, Hasher};

use serde_json::Value;
use siphasher::sip::SipHasher13;
use socle_events::{Author, Fact};
use socle_kernel::{AccountId, Cx, Fault, HoldId, Named, TenantId, Timestamp, TransferId};
use uuid::Uuid;

use crate::{Capture, Memo, NewAccount, NewHold, Posted, Reversal, Transfer};

/// The most commands of a unit: what one caller may make everybody else wait for.
pub const COMMANDS_MAX: usize = 1_000;

/// What one caller wants: commands that all take effect or none, and what goes with them.
#[derive(Debug, Clone)]
pub struct Unit {
    pub tenant: TenantId,
    pub author: Author,
    pub now: Timestamp,
    pub key: Option<Key>,
    pub commands: Vec<Command>,
    /// The module's own rows.
    pub rows: Vec<Row>,
    /// Makes the event of each transfer that the unit posts.
    pub announce: Option<Announce>,
}

/// From a transfer as posted to its event.
pub type Announce = fn(&Announcement<'_>) -> Result<Fact, Fault>;

/// What an event may tell of.
#[derive(Debug)]
pub struct Announcement<'u> {
    pub tenant: TenantId,
    pub author: &'u Author,
    pub posted: &'u Posted,
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
    Reverse(Reversal),
    /// Moves what has expired in an account to where its expired value goes, each lot at its date.
    Expire(AccountId),
    /// Closes an empty account for good.
    Close(AccountId),
}

/// Makes a repetition harmless: the same key gives the same answer and no second effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    pub(crate) id: Uuid,
    pub(crate) fingerprint: i64,
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

enum KeyWords {}

impl Named for KeyWords {
    const NAME: &str = "IdempotencyKey";
    const PREFIX: &str = "key";
}

impl Key {
    /// The key `name` within `scope` (principal and route, or a command's name), for a request
    /// whose content is `content`: another content under the same key is refused.
    #[must_use]
    pub fn new(scope: &str, name: &str, content: &impl Hash) -> Self {
        let id = socle_kernel::Id::<KeyWords>::of_words(&[scope, name]).uuid();
        Self { id, fingerprint: fingerprint(content) }
    }
}

impl Unit {
    /// An empty unit of this caller.
    #[must_use]
    pub fn new(cx: &Cx) -> Self {
        Self {
            tenant: cx.tenant,
            author: Author::from(cx),
            now: cx.now,
            key: None,
            commands: Vec::new(),
            rows: Vec::new(),
            announce: None,
        }
    }

    #[must_use]
    pub fn keyed(self, key: Key) -> Self {
        Self { key: Some(key), ..self }
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

/// A number that two different contents hardly share.
///
/// `SipHash` 1-3 with fixed keys, because it is stored. It guards against mistakes, not against
/// someone who searches for a collision with himself.
pub(crate) fn fingerprint(content: &impl Hash) -> i64 {
    let mut hasher = SipHasher13::new();
    content.hash(&mut hasher);
    hasher.finish().cast_signed()
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
