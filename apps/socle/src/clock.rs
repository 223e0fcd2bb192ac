//! The clock: read here, and nowhere below.

use socle_kernel::{Actor, Cx, TenantId, Timestamp};

/// The time.
#[expect(clippy::disallowed_methods, reason = "an edge owns the clock")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// The context of a command of this name.
pub(crate) fn cx(tenant: TenantId, command: &'static str) -> Cx {
    Cx::new(tenant, Actor::System(command), now())
}

/// The context of a command that looks for its tenant.
pub(crate) fn cx_of_nobody(command: &'static str) -> Cx {
    cx(TenantId::of_words(&["nobody"]), command)
}
