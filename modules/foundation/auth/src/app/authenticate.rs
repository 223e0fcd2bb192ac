//! Who is calling.

use std::{sync::Arc, time::Instant};

use socle_kernel::{Cx, TenantId};

use super::Keys;
use crate::{
    Error,
    domain::{Found, Handle, Identity, KeyText, Refused},
    store,
};

impl Keys {
    /// Whom a key lets in. `tick` is when the call began, on the monotonic clock; of `cx` only the
    /// time counts, because nobody knows yet who calls.
    ///
    /// What is wrong with a key is told apart in [`Error::Refused`], and answered alike.
    pub async fn authenticate(
        &self,
        cx: &Cx,
        text: &str,
        tick: Instant,
    ) -> Result<Identity, Error> {
        let found = self.found(cx, text, tick).await;
        let admitted = found.and_then(|it| Ok(it.admit(cx.now)?.clone()));
        match &admitted {
            Ok(identity) => self.uses.note(identity, cx.now),
            Err(Error::Refused(reason)) => self.failures.count(*reason),
            Err(_) => {}
        }
        admitted
    }

    async fn found(&self, cx: &Cx, text: &str, tick: Instant) -> Result<Arc<Found>, Error> {
        let KeyText { handle, hash } = KeyText::parse(text)?;
        if let Some(found) = self.leases.find(&hash, tick) {
            return Ok(found);
        }
        let tenant = self.tenant_called(cx, handle).await?;
        let found = store::find_by_hash(self.db.read(&cx.in_tenant(tenant)), hash).await?;
        Ok(self.leases.keep(hash, found.ok_or(Refused::Unknown)?, tick))
    }

    async fn tenant_called(&self, cx: &Cx, handle: Handle) -> Result<TenantId, Error> {
        if let Some(tenant) = self.leases.tenant(&handle) {
            return Ok(tenant);
        }
        let found = store::called(self.db.read(cx), &handle).await?.ok_or(Refused::Unknown)?;
        self.leases.keep_tenant(handle, found.id);
        Ok(found.id)
    }
}
