//! What comes in and goes out.

use serde::{Deserialize, Serialize};
use socle_kernel::{AppId, Scope, TenantId, Timestamp};
use utoipa::ToSchema;

use crate::{
    ApiKey, Error, Handle, Issued, KeyId, KeyName, NewKey, Prefix, Tenant, TenantName, Zone, scope,
};

/// How many calls a minute a key is good for when nobody says: a hundred a second.
const CALLS_PER_MINUTE: u32 = 6_000;

/// A key to be issued.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "checkout", "scopes": ["ledger:read", "ledger:write"] }))]
pub(super) struct KeyBody {
    name: KeyName,
    /// `ledger:read`, `ledger:write`, `ledger:admin`, `auth:keys`; none includes another.
    #[schema(max_items = 16)]
    scopes: Vec<ScopeName>,
    /// Nothing: it does not expire.
    expires_at: Option<Timestamp>,
    /// How many calls a minute it is good for.
    #[schema(minimum = 1, maximum = 1_000_000, default = 6000)]
    limit_per_minute: Option<u32>,
}

/// A right that a key may carry.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
enum ScopeName {
    #[serde(rename = "auth:keys")]
    AuthKeys,
    #[serde(rename = "ledger:admin")]
    LedgerAdmin,
    #[serde(rename = "ledger:read")]
    LedgerRead,
    #[serde(rename = "ledger:write")]
    LedgerWrite,
}

/// How a key is replaced.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "overlap_s": 3600 }))]
pub(super) struct RotationBody {
    /// For how many seconds the old key goes on beside the new one; 30 days at most.
    #[serde(default)]
    #[schema(maximum = 2_592_000)]
    pub(super) overlap_s: u32,
}

/// A key, without its text.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KeyView {
    id: KeyId,
    /// What it stands for; stays the same when the key is rotated.
    app: AppId,
    name: KeyName,
    /// How its text begins.
    prefix: Prefix,
    scopes: Vec<&'static str>,
    limit_per_minute: u32,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    /// To the minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotated_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Timestamp>,
}

/// A key, and its text.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SecretView {
    key: KeyView,
    /// The text itself, told this once: `Authorization: Bearer …`.
    secret: String,
}

/// The caller's tenant.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TenantView {
    id: TenantId,
    handle: Handle,
    name: TenantName,
    created_at: Timestamp,
    /// By whose clock its days begin, and what is done for it at night.
    zone: Zone,
}

impl TryFrom<KeyBody> for NewKey {
    type Error = Error;

    fn try_from(body: KeyBody) -> Result<Self, Error> {
        let scopes = body.scopes.into_iter().map(Scope::try_from).collect::<Result<_, _>>()?;
        let KeyBody { name, expires_at, limit_per_minute, .. } = body;
        let limit_per_minute = limit_per_minute.unwrap_or(CALLS_PER_MINUTE);
        Ok(Self { name, scopes, expires_at, limit_per_minute })
    }
}

impl TryFrom<ScopeName> for Scope {
    type Error = Error;

    fn try_from(name: ScopeName) -> Result<Self, Error> {
        scope(match name {
            ScopeName::AuthKeys => "auth:keys",
            ScopeName::LedgerAdmin => "ledger:admin",
            ScopeName::LedgerRead => "ledger:read",
            ScopeName::LedgerWrite => "ledger:write",
        })
    }
}

impl From<ApiKey> for KeyView {
    fn from(it: ApiKey) -> Self {
        Self {
            id: it.id,
            app: it.app,
            name: it.name,
            prefix: it.prefix,
            scopes: it.scopes.iter().map(|it| it.0).collect(),
            limit_per_minute: it.limit_per_minute,
            created_at: it.created_at,
            expires_at: it.expires_at,
            last_used_at: it.last_used_at,
            rotated_at: it.rotated_at,
            revoked_at: it.revoked_at,
        }
    }
}

impl From<Issued> for SecretView {
    fn from(it: Issued) -> Self {
        Self { secret: it.text.expose().to_owned(), key: it.key.into() }
    }
}

impl From<Tenant> for TenantView {
    fn from(Tenant { id, handle, name, created_at, zone, .. }: Tenant) -> Self {
        Self { id, handle, name, created_at, zone }
    }
}
