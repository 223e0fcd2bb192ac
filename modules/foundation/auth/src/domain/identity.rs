//! Whom a key lets in, and why it does not.

use socle_kernel::{AppId, Scope, TenantId, Timestamp};

use super::{KeyId, Tenant, key::honour};

/// Who calls, as a key says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub tenant: TenantId,
    pub app: AppId,
    pub key: KeyId,
    pub scopes: Vec<Scope>,
    /// How many calls it may make in a minute.
    pub limit_per_minute: u32,
}

/// All that whoever shows a bad key is told, whatever is wrong with it.
const BAD_KEY: &str = "say who you are, with a key that is in force";

/// Why a key lets nobody in: told apart for counters and alarms, not for whoever showed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refused {
    /// It does not look like a key.
    #[error("{}", BAD_KEY)]
    Malformed,
    /// It looks like one, and its checksum does not fit.
    #[error("{}", BAD_KEY)]
    Mistyped,
    #[error("{}", BAD_KEY)]
    Unknown,
    #[error("{}", BAD_KEY)]
    Revoked,
    #[error("{}", BAD_KEY)]
    Expired,
    /// The key is good.
    #[error("the tenant is suspended")]
    TenantSuspended,
    /// The key is good.
    #[error("the tenant is leaving")]
    TenantLeaving,
}

/// A key as it was found, with what its tenant is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) identity: Identity,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) revoked_at: Option<Timestamp>,
    pub(crate) tenant: Tenant,
}

impl Refused {
    pub const ALL: [Self; 7] = [
        Self::Malformed,
        Self::Mistyped,
        Self::Unknown,
        Self::Revoked,
        Self::Expired,
        Self::TenantSuspended,
        Self::TenantLeaving,
    ];

    /// As a metric's label names it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Mistyped => "mistyped",
            Self::Unknown => "unknown",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::TenantSuspended => "tenant-suspended",
            Self::TenantLeaving => "tenant-leaving",
        }
    }
}

impl Found {
    /// Who calls, if the key and its tenant are in order; of a bad key nobody learns its tenant's
    /// standing.
    pub(crate) fn admit(&self, now: Timestamp) -> Result<&Identity, Refused> {
        honour(self.revoked_at, self.expires_at, now)?;
        self.tenant.let_in()?;
        Ok(&self.identity)
    }
}
