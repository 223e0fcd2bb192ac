//! The failures every module shares, so that each module lists only its own.

use crate::{Classify, Fault, Kind};

/// What any use case may answer besides its own rules.
#[derive(Debug, thiserror::Error)]
pub enum Common {
    #[error("there is no {0}")]
    NotFound(String),
    #[error("it has changed since you read it; read it again")]
    Stale,
    #[error("say who you are")]
    Unauthenticated,
    #[error("you may not do this")]
    Denied,
    #[error("too many calls; try again in {retry_after_s} s")]
    TooMany { retry_after_s: u32 },
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Classify for Common {
    fn class(&self) -> (Kind, &'static str) {
        match self {
            Self::NotFound(_) => (Kind::NotFound, "not-found"),
            Self::Stale => (Kind::Stale, "stale"),
            Self::Unauthenticated => (Kind::Unauthenticated, "unauthenticated"),
            Self::Denied => (Kind::Denied, "denied"),
            Self::TooMany { .. } => (Kind::TooMany, "too-many"),
            Self::Fault(fault) => fault.class(),
        }
    }
}
