//! Everything that can go wrong with tenants, as callers see it.

use socle_kernel::{Classify, Common, Fault, Kind};

/// The outcome of a failed call.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("another tenant has this handle")]
    HandleTaken,
    #[error("a handle begins with a letter: demo, corner-shop-2")]
    HandleShape,
    #[error(transparent)]
    Common(#[from] Common),
}

impl Error {
    /// The rule behind a broken constraint of the schema.
    pub(crate) fn of_constraint(name: &str) -> Option<Self> {
        match name {
            "tenant_handle_taken" => Some(Self::HandleTaken),
            "tenant_handle_shape" => Some(Self::HandleShape),
            _ => None,
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Common(fault.into())
    }
}

impl Classify for Error {
    fn class(&self) -> (Kind, &'static str) {
        match self {
            Self::HandleTaken => (Kind::Conflict, "auth.handle-taken"),
            Self::HandleShape => (Kind::Invalid, "auth.handle-shape"),
            Self::Common(it) => it.class(),
        }
    }
}
