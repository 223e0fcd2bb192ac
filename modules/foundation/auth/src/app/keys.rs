//! Keys: issued, looked at, rotated, revoked.

use std::{sync::Arc, time::Duration};

use socle_db::{Db, Tx};
use socle_kernel::{Common, Cx};

use super::{Ended, Failures, LEASE, Tenants, lease::Leases, uses::Uses};
use crate::{
    Error,
    domain::{ApiKey, Entropy, KeyId, NewKey, Secret},
    store,
};

/// The keys' use cases.
#[derive(Debug, Clone)]
pub struct Keys {
    pub(super) db: Db,
    pub(super) leases: Arc<Leases>,
    pub(super) uses: Arc<Uses>,
    pub(super) failures: Arc<Failures>,
}

/// A key, with the text that is shown this once.
#[derive(Debug)]
pub struct Issued {
    pub key: ApiKey,
    pub text: Secret,
}

impl Keys {
    /// The keys of these tenants: what either ends, this process no longer remembers.
    #[must_use]
    pub fn new(tenants: &Tenants) -> Self {
        let (db, leases) = (tenants.db.clone(), Arc::clone(&tenants.leases));
        Self { db, leases, uses: Arc::default(), failures: Arc::default() }
    }

    /// A key for a new app of the caller's tenant, with no right that the caller has not.
    pub async fn issue(&self, cx: &Cx, new: NewKey, entropy: Entropy) -> Result<Issued, Error> {
        let (new, entropy) = (&new, &entropy);
        self.db
            .run(cx, async |tx: &mut Tx| {
                let tenant = store::hold_tenant(tx).await?;
                let (key, text) = ApiKey::issue(cx, &tenant, new, entropy)?;
                store::insert_key(tx, &key, text.hash()).await?;
                Ok(Issued { key, text })
            })
            .await
    }

    /// The tenant's keys, oldest first, those that have ended too: at most `limit` after one that
    /// was seen.
    pub async fn list(
        &self,
        cx: &Cx,
        after: Option<KeyId>,
        limit: i64,
    ) -> Result<Vec<ApiKey>, Error> {
        Ok(store::keys(self.db.read(cx), after, limit).await?)
    }

    /// One key.
    pub async fn find(&self, cx: &Cx, id: KeyId) -> Result<ApiKey, Error> {
        let found = store::find_key(self.db.read(cx), id).await?;
        found.ok_or_else(|| Common::NotFound(id.to_string()).into())
    }

    /// Another key of the same app; the old one ends after `overlap`, at once if that is zero.
    pub async fn rotate(
        &self,
        cx: &Cx,
        id: KeyId,
        overlap: Duration,
        entropy: Entropy,
    ) -> Result<Ended<Issued>, Error> {
        let entropy = &entropy;
        let rotated = self.db.run(cx, async |tx: &mut Tx| {
            let tenant = store::hold_tenant(tx).await?;
            let key = store::lock_key(tx, id).await?;
            let rotated = key.rotate(cx, &tenant, overlap, entropy)?;
            store::end_key(tx, &rotated.old).await?;
            store::insert_key(tx, &rotated.key, rotated.text.hash()).await?;
            Ok::<_, Error>(Issued { key: rotated.key, text: rotated.text })
        });
        let it = rotated.await?;
        self.leases.end_key(id);
        // An end that is further away than a lease is known everywhere by then.
        let effective_in = if overlap < LEASE { LEASE } else { Duration::ZERO };
        Ok(Ended { it, effective_in })
    }

    /// Ends a key at once; one that has been revoked stays as it is.
    pub async fn revoke(&self, cx: &Cx, id: KeyId) -> Result<Ended<ApiKey>, Error> {
        let revoked = self.db.run(cx, async |tx: &mut Tx| store::revoke_key(tx, id, cx.now).await);
        let it = revoked.await?;
        self.leases.end_key(id);
        Ok(Ended { it, effective_in: LEASE })
    }

    /// Writes down when keys were last used, for a task that comes by every few seconds; a key's
    /// row is written at most once a minute, however many processes use it.
    ///
    /// Repeating it is harmless: a use is only ever replaced by a later one.
    pub async fn note_uses(&self, cx: &Cx) -> Result<(), Error> {
        for (tenant, uses) in self.uses.take() {
            let uses = &uses;
            let noting = async |tx: &mut Tx| Ok::<_, Error>(store::note_uses(tx, uses).await?);
            self.db.run(&cx.in_tenant(tenant), noting).await?;
        }
        Ok(())
    }

    /// How many keys this process remembers; [`REMEMBERED_MAX`](super::REMEMBERED_MAX) at most.
    #[must_use]
    pub fn remembered(&self) -> usize {
        self.leases.count()
    }

    /// How often keys were refused.
    #[must_use]
    pub fn failures(&self) -> &Failures {
        &self.failures
    }
}
