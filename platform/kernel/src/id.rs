//! Typed identifiers: a UUIDv7 that knows what it names.
//!
//! Outside PostgreSQL an identifier has one form, `mer_0198…`, both ways; inside it is a `uuid`.

mod wire;

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
    str::FromStr,
};

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A kind of thing that has identifiers.
pub trait Named: 'static {
    /// `Merchant`; its identifier is called `MerchantId` in OpenAPI.
    const NAME: &str;

    /// The printed prefix, unique in the system.
    const PREFIX: &str;
}

/// The identifier of an `N`: `pub type MerchantId = Id<Merchant>`.
pub struct Id<N>(Uuid, PhantomData<fn() -> N>);

/// The text is not an identifier with this prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an identifier here reads `{0}_` and 32 hexadecimal digits")]
pub struct NotAnId(pub &'static str);

impl<N> Id<N> {
    /// Wraps a UUID that was drawn for an `N`.
    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The UUID, for platform code that must forget what it names.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.0
    }

    /// The identifier that always belongs to these words: the same words, the same identifier.
    ///
    /// A UUIDv8 (RFC 9562) over their SHA-256; each word's length is hashed too, so that words
    /// that run together do not meet.
    #[must_use]
    pub fn of_words(words: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for word in words {
            hash.update((word.len() as u64).to_be_bytes());
            hash.update(word);
        }
        let mut head = [0; 16];
        head.copy_from_slice(&hash.finalize()[..16]);
        Self(Uuid::new_v8(head), PhantomData)
    }
}

impl<N: Named> fmt::Display for Id<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", N::PREFIX, self.0.simple())
    }
}

impl<N: Named> fmt::Debug for Id<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<N: Named> FromStr for Id<N> {
    type Err = NotAnId;

    /// Accepts exactly what [`Display`](fmt::Display) prints.
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let hex = text.strip_prefix(N::PREFIX).and_then(|it| it.strip_prefix('_'));
        let id = hex.and_then(|it| Uuid::try_parse(it).ok()).map(Self::from_uuid);
        id.filter(|it| it.to_string() == text).ok_or(NotAnId(N::PREFIX))
    }
}

// Derives would ask the same of `N`, which is only a name.
impl<N> Copy for Id<N> {}

impl<N> Clone for Id<N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<N> Eq for Id<N> {}

impl<N> PartialEq for Id<N> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<N> Ord for Id<N> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<N> PartialOrd for Id<N> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<N> Hash for Id<N> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
