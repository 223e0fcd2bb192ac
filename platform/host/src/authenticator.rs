//! Who may come in: a port that a module fills, because the edge knows no keys.

use std::{sync::Arc, time::Instant};

use futures_util::future::BoxFuture;
use socle_kernel::{Actor, Scope, TenantId, Timestamp};
use socle_telemetry::AuthFailure;
use socle_web::Problem;
use uuid::Uuid;

/// Tells who presents a credential.
pub trait Authenticator: Send + Sync + 'static {
    /// Who presents `credential`, the text after `Bearer`. `tick` is when the call began, on the
    /// monotonic clock.
    fn authenticate<'a>(
        &'a self,
        credential: &'a str,
        now: Timestamp,
        tick: Instant,
    ) -> BoxFuture<'a, Result<Identity, NotAdmitted>>;
}

/// A caller who has been let in.
#[derive(Debug, Clone)]
pub struct Identity {
    pub tenant: TenantId,
    pub actor: Actor,
    pub scopes: Arc<[Scope]>,
    /// What calls are counted by: the credential.
    pub credential: Uuid,
    /// How many calls a minute the credential is good for.
    pub calls_per_minute: u32,
}

/// Why somebody is not let in.
#[derive(Debug)]
pub struct NotAdmitted {
    /// For those who watch; nothing where nothing is wrong with the credential.
    pub why: Option<AuthFailure>,
    /// For the caller, who learns less.
    pub problem: Problem,
}
