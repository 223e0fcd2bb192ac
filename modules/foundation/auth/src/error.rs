//! Everything that can go wrong with tenants and keys, as callers see it.

use socle_kernel::{Classify, Common, Fault, Kind};

use crate::Refused;

/// The outcome of a failed call.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("another tenant has or had this handle")]
    HandleTaken,
    #[error("a handle begins with a letter: demo, corner-shop-2")]
    HandleShape,
    #[error("there is no such time zone: they are called Europe/Paris, America/New_York, UTC")]
    ZoneUnknown,
    #[error("a time of grace has at most 365 days")]
    GraceTooLong,
    #[error("the tenant's grace is over: its data is being erased")]
    TenantLeft,
    #[error("the tenant is not leaving, or its grace is not over")]
    TenantNotDue,
    #[error("something of the tenant is left: erase it first")]
    TenantNotErased,
    #[error("another key has this name: rotate or revoke that one, or choose another name")]
    KeyNameTaken,
    #[error("a key needs a scope at least")]
    ScopesMissing,
    #[error("there is no such scope")]
    ScopeUnknown,
    #[error("you cannot give a scope that you do not have")]
    ScopeNotHeld,
    #[error("a key's limit is between 1 and {max} calls a minute")]
    KeyLimit { max: u32 },
    #[error("a key cannot have expired when it is issued")]
    ExpiresTooSoon,
    #[error("the old key may go on for 30 days at most")]
    OverlapTooLong,
    #[error("the key has been rotated: rotate the one that took its place")]
    KeyRotated,
    #[error("the key has ended: issue another one")]
    KeyEnded,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Common(#[from] Common),
}

impl Error {
    /// The rule behind a broken constraint of the schema.
    pub(crate) fn of_constraint(name: &str) -> Option<Self> {
        match name {
            "tenant_handle_taken" => Some(Self::HandleTaken),
            "tenant_handle_shape" => Some(Self::HandleShape),
            "api_key_name_taken" => Some(Self::KeyNameTaken),
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
            Self::ZoneUnknown => (Kind::Invalid, "auth.zone-unknown"),
            Self::GraceTooLong => (Kind::Invalid, "auth.grace-too-long"),
            Self::TenantLeft => (Kind::Conflict, "auth.tenant-left"),
            Self::TenantNotDue => (Kind::Conflict, "auth.tenant-not-due"),
            Self::TenantNotErased => (Kind::Conflict, "auth.tenant-not-erased"),
            Self::KeyNameTaken => (Kind::Conflict, "auth.key-name-taken"),
            Self::ScopesMissing => (Kind::Invalid, "auth.scopes-missing"),
            Self::ScopeUnknown => (Kind::Invalid, "auth.scope-unknown"),
            Self::ScopeNotHeld => (Kind::Denied, "auth.scope-not-held"),
            Self::KeyLimit { .. } => (Kind::Invalid, "auth.key-limit"),
            Self::ExpiresTooSoon => (Kind::Invalid, "auth.expires-too-soon"),
            Self::OverlapTooLong => (Kind::Invalid, "auth.overlap-too-long"),
            Self::KeyRotated => (Kind::Conflict, "auth.key-rotated"),
            Self::KeyEnded => (Kind::Conflict, "auth.key-ended"),
            Self::Refused(it) => of_refused(*it),
            Self::Common(it) => it.class(),
        }
    }
}

fn of_refused(it: Refused) -> (Kind, &'static str) {
    match it {
        Refused::TenantSuspended => (Kind::Denied, "auth.tenant-suspended"),
        Refused::TenantLeaving => (Kind::Denied, "auth.tenant-leaving"),
        // Whoever shows a bad key learns nothing of what is wrong with it.
        Refused::Malformed
        | Refused::Mistyped
        | Refused::Unknown
        | Refused::Revoked
        | Refused::Expired => Common::Unauthenticated.class(),
    }
}
