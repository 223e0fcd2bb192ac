//! Idempotency keys: what makes a repetition harmless.

use std::{
    hash::{Hash, Hasher},
    time::Duration,
};

use siphasher::sip::SipHasher13;
use socle_db::{Db, SystemTx};
use socle_kernel::{Fault, Id, Named, Timestamp};
use uuid::Uuid;

use crate::sql::{Books, keys};

/// The most keys of a unit: the request's, and that of what it is about.
pub const KEYS_MAX: usize = 2;

/// How long the answer to a request is kept: whoever tries again does so within a day.
const REQUEST_LIFE: Duration = Duration::from_hours(24);

/// How many keys are forgotten in one commit, so that no lock is held for long.
const FORGOTTEN_MAX: i64 = 1_000;

/// Makes a repetition harmless: the same key gives the same answer and no second effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    pub(crate) id: Uuid,
    pub(crate) fingerprint: i64,
    is_lasting: bool,
}

enum KeyWords {}

impl Named for KeyWords {
    const NAME: &str = "IdempotencyKey";
    const PREFIX: &str = "key";
}

impl Key {
    /// The key `name` within `scope` (a kind of thing, or a command's name), for a request whose
    /// content is `content`: another content under the same key is refused. Never forgotten.
    #[must_use]
    pub fn new(scope: &str, name: &str, content: &impl Hash) -> Self {
        let fingerprint = fingerprint(content);
        Self { id: id_of_words(&[scope, name]), fingerprint, is_lasting: true }
    }

    /// The key that a caller gave to one request: like [`new`](Self::new), but forgotten after a
    /// day. `scope` is the principal and the route.
    #[must_use]
    pub fn of_request(scope: &str, name: &str, content: &impl Hash) -> Self {
        Self { is_lasting: false, ..Self::new(scope, name, content) }
    }

    /// The key of one part of a request that asks for several things.
    #[must_use]
    pub fn part(self, place: usize) -> Self {
        Self { id: id_of_words(&[&self.id.to_string(), &place.to_string()]), ..self }
    }

    /// The identifier of what is made under this key: the same key, the same identifier.
    #[must_use]
    pub fn id_of<N: Named>(&self) -> Id<N> {
        Id::of_words(&[N::PREFIX, &self.id.to_string()])
    }

    /// When it is forgotten, if ever.
    pub(crate) fn expires_at(&self, now: Timestamp) -> Option<Timestamp> {
        (!self.is_lasting).then(|| Self::request_expires_at(now))
    }

    /// When the key of a request is forgotten.
    pub(crate) fn request_expires_at(now: Timestamp) -> Timestamp {
        now.after(REQUEST_LIFE)
    }
}

fn id_of_words(words: &[&str]) -> Uuid {
    Id::<KeyWords>::of_words(words).uuid()
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

/// Forgets the keys of requests that expired by a moment, of every tenant; returns how many.
///
/// Each batch commits by itself, so what was forgotten stays so when a later one fails.
pub async fn forget_keys(db: &Db, by: Timestamp) -> Result<u64, Fault> {
    let mut forgotten = 0;
    loop {
        let batch = db.run_system::<u64, Fault>(async |tx: &mut SystemTx| {
            keys::forget(&mut Books::OfAll(tx), by, FORGOTTEN_MAX).await
        });
        let count = batch.await?;
        forgotten += count;
        if count == 0 {
            return Ok(forgotten);
        }
    }
}
