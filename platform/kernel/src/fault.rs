//! Failures: a small set of kinds to branch on, and an opaque [`Fault`] to report.

use std::{error::Error, fmt};

use uuid::Uuid;

type Source = Box<dyn Error + Send + Sync>;

/// How a failure is answered, whatever the transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The call cannot be right, whenever it is made.
    Invalid,
    /// Nobody knows who is calling.
    Unauthenticated,
    /// The caller is known and may not.
    Denied,
    NotFound,
    /// A rule of the business says no, as things stand.
    Conflict,
    /// The caller decided on something that has changed since.
    Stale,
    /// The caller asks more often than agreed.
    TooMany,
    /// Nothing is wrong with the call: try again later.
    Unavailable,
    /// A bug, or damage.
    Internal,
}

/// Implemented by every error that reaches an edge, once, next to its definition.
pub trait Classify: Error + Send + Sync + 'static {
    /// The kind, and a stable, documented code such as `merchant.name-taken`; never reworded.
    fn class(&self) -> (Kind, &'static str);

    /// The request that was answered so first, when this answer is only a replay of it.
    fn replay_of(&self) -> Option<Uuid> {
        None
    }
}

/// Why a [`Fault`] happened, as far as anybody acts on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// Away or overloaded; the whole call may be tried again later.
    Away,
    /// Another transaction was in the way; the same work may be tried again at once.
    Collision,
    Bug,
}

/// A failure nobody branches on: what we were doing, and why it failed.
#[derive(Debug)]
pub struct Fault {
    cause: Cause,
    doing: &'static str,
    source: Source,
}

impl Fault {
    /// A failure that will pass, such as a lost database.
    pub fn unavailable(doing: &'static str, source: impl Into<Source>) -> Self {
        Self { cause: Cause::Away, doing, source: source.into() }
    }

    /// A transaction that gave way to another; the same work succeeds when it is run again.
    pub fn collision(doing: &'static str, source: impl Into<Source>) -> Self {
        Self { cause: Cause::Collision, doing, source: source.into() }
    }

    /// A failure that will not pass by itself.
    pub fn internal(doing: &'static str, source: impl Into<Source>) -> Self {
        Self { cause: Cause::Bug, doing, source: source.into() }
    }

    /// [`Kind::Unavailable`] or [`Kind::Internal`].
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.cause {
            Cause::Away | Cause::Collision => Kind::Unavailable,
            Cause::Bug => Kind::Internal,
        }
    }

    /// Whether running the same transaction again is the remedy.
    #[must_use]
    pub fn is_collision(&self) -> bool {
        self.cause == Cause::Collision
    }

    /// The first cause that is an `E`: for the crate that made it.
    #[must_use]
    pub fn cause<E: Error + 'static>(&self) -> Option<&E> {
        let mut next: Option<&(dyn Error + 'static)> = Some(self.source.as_ref());
        while let Some(error) = next {
            if let Some(found) = error.downcast_ref() {
                return Some(found);
            }
            next = error.source();
        }
        None
    }
}

impl Classify for Fault {
    fn class(&self) -> (Kind, &'static str) {
        match self.kind() {
            Kind::Unavailable => (Kind::Unavailable, "unavailable"),
            _ => (Kind::Internal, "internal"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not {}", self.doing)
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}

/// Turns any error into an internal [`Fault`], saying what was being done.
pub trait Doing<T> {
    fn doing(self, what: &'static str) -> Result<T, Fault>;
}

impl<T, E: Into<Source>> Doing<T> for Result<T, E> {
    fn doing(self, what: &'static str) -> Result<T, Fault> {
        self.map_err(|source| Fault::internal(what, source))
    }
}
