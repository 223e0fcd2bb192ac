//! Callers of a test over HTTP: let in by an authenticator that believes what they say.

use std::{sync::Arc, time::Instant};

use futures_util::{FutureExt, future, future::BoxFuture};
use jiff::tz::TimeZone;
use socle_host::{Authenticator, Identity, NotAdmitted, Ports};
use socle_jobs::TenantDirectory;
use socle_kernel::{Actor, AppId, Common, Fault, Scope, TenantId, Timestamp};
use uuid::Uuid;

/// Somebody who calls: an application of a tenant, with these scopes.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub tenant: TenantId,
    pub app: AppId,
    pub scopes: Vec<&'static str>,
}

/// Believes a [`Visitor`], which writes all that it is into its credential.
#[derive(Debug, Clone, Copy)]
pub struct Believing;

impl Visitor {
    /// The application of the tenant of [`cx`](crate::cx), which may do everything.
    #[must_use]
    pub fn anybody() -> Self {
        Self::of(crate::cx().tenant)
    }

    /// The same application in another tenant.
    #[must_use]
    pub fn of(tenant: TenantId) -> Self {
        let scopes = vec!["ledger:read", "ledger:write", "ledger:admin", "auth:keys"];
        Self { tenant, app: AppId::from_uuid(Uuid::from_u128(0xA99)), scopes }
    }

    /// The same with fewer scopes.
    #[must_use]
    pub fn with_scopes(self, scopes: &[&'static str]) -> Self {
        Self { scopes: scopes.to_vec(), ..self }
    }

    /// What goes after `Bearer`.
    #[must_use]
    pub fn credential(&self) -> String {
        format!("{}/{}/{}", self.tenant, self.app, self.scopes.join(","))
    }

    fn read(credential: &str) -> Option<Self> {
        let mut parts = credential.split('/');
        let (tenant, app) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let known = Self::anybody().scopes;
        let scopes = parts.next()?.split(',').filter_map(|it| known.iter().find(|of| **of == it));
        Some(Self { tenant, app, scopes: scopes.copied().collect() })
    }
}

impl Believing {
    /// The ports of a host that has no other modules to ask.
    #[must_use]
    pub fn ports() -> Ports {
        Ports { authenticator: Arc::new(Self), tenants: Arc::new(Self) }
    }
}

/// Nothing is done for a tenant by the calendar: tests turn it by hand.
impl TenantDirectory for Believing {
    fn tenants(&self) -> BoxFuture<'_, Result<Vec<(TenantId, TimeZone)>, Fault>> {
        future::ready(Ok(Vec::new())).boxed()
    }
}

impl Authenticator for Believing {
    fn authenticate<'a>(
        &'a self,
        credential: &'a str,
        _now: Timestamp,
        _tick: Instant,
    ) -> BoxFuture<'a, Result<Identity, NotAdmitted>> {
        let visitor = Visitor::read(credential)
            .ok_or_else(|| NotAdmitted { why: None, problem: Common::Unauthenticated.into() });
        let identity = visitor.map(|it| Identity {
            tenant: it.tenant,
            actor: Actor::App(it.app, None),
            scopes: it.scopes.into_iter().map(Scope).collect(),
            credential: it.app.uuid(),
            calls_per_minute: u32::MAX,
        });
        Box::pin(async move { identity })
    }
}
