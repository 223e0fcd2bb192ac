//! When keys were last used, until it is written down.

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use socle_kernel::{TenantId, Timestamp};

use crate::domain::{Identity, KeyId};

/// How many keys are noted between two writes; of others the last use stays as it was.
const NOTED_MAX: usize = 10_000;

/// The last uses of one tenant's keys.
pub(crate) type Noted = HashMap<TenantId, Vec<(KeyId, Timestamp)>>;

#[derive(Debug, Default)]
pub(crate) struct Uses(Mutex<HashMap<(TenantId, KeyId), Timestamp>>);

impl Uses {
    pub(crate) fn note(&self, of: &Identity, now: Timestamp) {
        let (mut noted, key) = (self.noted(), (of.tenant, of.key));
        if noted.len() < NOTED_MAX || noted.contains_key(&key) {
            let last = noted.entry(key).or_insert(now);
            *last = now.max(*last);
        }
    }

    /// Hands over what was noted and begins anew; what then fails to be written is not noted
    /// again, because the key's next use will be.
    pub(crate) fn take(&self) -> Noted {
        let mut each = Noted::new();
        for ((tenant, key), at) in mem::take(&mut *self.noted()) {
            each.entry(tenant).or_default().push((key, at));
        }
        each
    }

    fn noted(&self) -> MutexGuard<'_, HashMap<(TenantId, KeyId), Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
