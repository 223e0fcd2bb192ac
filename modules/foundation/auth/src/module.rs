//! How auth is plugged in.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;
use jiff::tz::TimeZone;
use socle_db::Migration;
use socle_host::{Authenticator, Deps, Identity, Module, NotAdmitted, Ports};
use socle_jobs::TenantDirectory;
use socle_kernel::{Actor, Cx, Doing, Fault, TenantId, Timestamp};
use socle_telemetry::AuthFailure;

use crate::{Error, Keys, Refused, Tenants, Zone, http};

/// Auth's tables.
pub const MODULE: socle_db::Module = socle_db::Module {
    name: "auth",
    platform: &[],
    own: &[
        Migration {
            version: 1,
            description: "tenants",
            sql: include_str!("../migrations/0001_tenants.sql"),
        },
        Migration {
            version: 2,
            description: "keys",
            sql: include_str!("../migrations/0002_keys.sql"),
        },
        Migration {
            version: 3,
            description: "zone",
            sql: include_str!("../migrations/0003_zone.sql"),
        },
    ],
};

/// How often the last uses of keys are written down.
const NOTING: Duration = Duration::from_secs(10);

/// The module, and what it tells the host: who calls, and for whom something is done by itself.
#[must_use]
pub fn module(deps: &Deps) -> (Module, Ports) {
    let tenants = Tenants::new(deps.db(MODULE.name));
    let keys = Keys::new(&tenants);
    let noting = keys.clone();
    let routes = http::routes(keys.clone(), tenants.clone());
    let module = Module::new(MODULE)
        .routes(routes)
        .background("auth.uses", NOTING, move |now| note(noting.clone(), now));
    (module, Ports { authenticator: Arc::new(keys), tenants: Arc::new(tenants) })
}

fn note(keys: Keys, now: Timestamp) -> BoxFuture<'static, Result<(), Fault>> {
    let noted = async move { keys.note_uses(&nobody(now)).await.doing("note the uses of keys") };
    Box::pin(noted)
}

/// The context of a call before it is known whose it is.
fn nobody(now: Timestamp) -> Cx {
    Cx::new(TenantId::of_words(&["nobody"]), Actor::System("auth"), now)
}

impl Authenticator for Keys {
    fn authenticate<'a>(
        &'a self,
        credential: &'a str,
        now: Timestamp,
        tick: Instant,
    ) -> BoxFuture<'a, Result<Identity, NotAdmitted>> {
        Box::pin(async move {
            let known = Keys::authenticate(self, &nobody(now), credential, tick).await;
            let known = known.map_err(|it| NotAdmitted { why: why(&it), problem: it.into() })?;
            Ok(Identity {
                tenant: known.tenant,
                actor: Actor::App(known.app, None),
                scopes: known.scopes.into(),
                credential: known.key.uuid(),
                calls_per_minute: known.limit_per_minute,
            })
        })
    }
}

impl TenantDirectory for Tenants {
    /// Those that are neither suspended nor leaving: for the others nothing is done by itself.
    fn tenants(&self) -> BoxFuture<'_, Result<Vec<(TenantId, TimeZone)>, Fault>> {
        Box::pin(async move {
            // A list of this moment; when it is asked for does not matter to it.
            let cx = nobody(jiff::Timestamp::UNIX_EPOCH.into());
            let active = self.active(&cx).await.doing("list the tenants")?;
            Ok(active.into_iter().map(|(id, zone)| (id, clock(&zone))).collect())
        })
    }
}

/// The zone's clock; that of UTC for one which this machine does not know, so that nobody's nights
/// are left out because of it.
fn clock(zone: &Zone) -> TimeZone {
    TimeZone::get(zone.as_ref()).unwrap_or_else(|error| {
        tracing::error!(%zone, %error, "the machine does not know a tenant's time zone");
        TimeZone::UTC
    })
}

fn why(error: &Error) -> Option<AuthFailure> {
    let Error::Refused(refused) = error else { return None };
    Some(match refused {
        Refused::Malformed | Refused::Mistyped => AuthFailure::Malformed,
        Refused::Unknown => AuthFailure::Unknown,
        Refused::Revoked => AuthFailure::Revoked,
        Refused::Expired => AuthFailure::Expired,
        Refused::TenantSuspended | Refused::TenantLeaving => AuthFailure::Suspended,
    })
}
