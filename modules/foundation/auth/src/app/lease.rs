//! Keys that were found, remembered for a second.
//!
//! A process that is told nothing of a revocation honours the key until its lease is over, so the
//! lease is what a revocation waits for. It counts from before the database was asked: whatever was
//! committed a lease ago is known to every call that begins now, in every process. A machine that
//! was put to sleep is late by as long as its monotonic clock stood.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use socle_kernel::TenantId;

use crate::domain::{Found, Handle, KeyHash, KeyId};

/// For how long a key that was found is honoured without asking again.
pub const LEASE: Duration = Duration::from_secs(1);

/// How many keys, and how many tenants, are remembered: some megabytes.
pub const REMEMBERED_MAX: usize = 10_000;

#[derive(Debug, Default)]
pub(crate) struct Leases(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    keys: HashMap<KeyHash, Lease>,
    /// For good: a handle never names another tenant.
    tenants: HashMap<Handle, TenantId>,
}

#[derive(Debug)]
struct Lease {
    found: Arc<Found>,
    until: Instant,
}

impl Leases {
    /// The key with this hash, if its lease lasts at `tick`.
    pub(crate) fn find(&self, hash: &KeyHash, tick: Instant) -> Option<Arc<Found>> {
        let held = self.held();
        held.keys.get(hash).filter(|it| tick < it.until).map(|it| Arc::clone(&it.found))
    }

    /// Remembers a key for which the database was asked at `asked` or later.
    pub(crate) fn keep(&self, hash: KeyHash, found: Found, asked: Instant) -> Arc<Found> {
        let (found, until) = (Arc::new(found), asked + LEASE);
        let mut held = self.held();
        if REMEMBERED_MAX <= held.keys.len() {
            held.keys.retain(|_, it| asked < it.until);
        }
        // More keys in force than fit: beginning anew costs each of them one question.
        if REMEMBERED_MAX <= held.keys.len() {
            held.keys.clear();
        }
        held.keys.insert(hash, Lease { found: Arc::clone(&found), until });
        found
    }

    /// How many keys are remembered, whether or not their leases last.
    pub(crate) fn count(&self) -> usize {
        self.held().keys.len()
    }

    pub(crate) fn tenant(&self, handle: &Handle) -> Option<TenantId> {
        self.held().tenants.get(handle).copied()
    }

    pub(crate) fn keep_tenant(&self, handle: Handle, id: TenantId) {
        let mut held = self.held();
        if REMEMBERED_MAX <= held.tenants.len() {
            held.tenants.clear();
        }
        held.tenants.insert(handle, id);
    }

    pub(crate) fn end_key(&self, id: KeyId) {
        self.held().keys.retain(|_, it| it.found.identity.key != id);
    }

    pub(crate) fn end_tenant(&self, id: TenantId) {
        self.held().keys.retain(|_, it| it.found.identity.tenant != id);
    }

    /// Nothing in here panics half way, so what a poisoned lock guards is whole.
    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
