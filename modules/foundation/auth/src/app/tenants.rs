//! Tenants: let in, suspended, let go.

use std::{sync::Arc, time::Duration};

use socle_db::{Db, Tx};
use socle_kernel::{Common, Cx, TenantId};

use super::{Ended, LEASE, lease::Leases};
use crate::{
    Error,
    domain::{Handle, Tenant, TenantName, Zone},
    store,
};

/// The tenants' use cases.
#[derive(Debug, Clone)]
pub struct Tenants {
    pub(super) db: Db,
    pub(super) leases: Arc<Leases>,
}

impl Tenants {
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db, leases: Arc::default() }
    }

    /// Lets an organisation in that lives by the clock of `zone`.
    pub async fn create(
        &self,
        cx: &Cx,
        handle: Handle,
        name: TenantName,
        zone: &Zone,
    ) -> Result<Tenant, Error> {
        let tenant = &Tenant::create(cx, handle, name, zone)?;
        self.db
            .run(&cx.in_tenant(tenant.id), async |tx: &mut Tx| {
                store::insert_tenant(tx, tenant).await?;
                Ok(tenant.clone())
            })
            .await
    }

    /// The tenant that is called so.
    pub async fn called(&self, cx: &Cx, handle: &Handle) -> Result<Tenant, Error> {
        let found = store::called(self.db.read(cx), handle).await?;
        found.ok_or_else(|| Common::NotFound(format!("tenant {handle}")).into())
    }

    /// The caller's own.
    pub async fn own(&self, cx: &Cx) -> Result<Tenant, Error> {
        let found = store::own(self.db.read(cx)).await?;
        found.ok_or_else(|| Common::NotFound(cx.tenant.to_string()).into())
    }

    /// All tenants, by handle.
    pub async fn list(&self, cx: &Cx) -> Result<Vec<Tenant>, Error> {
        Ok(store::list(self.db.read(cx)).await?)
    }

    /// Those that are neither suspended nor leaving, and by whose clock each lives.
    pub async fn active(&self, cx: &Cx) -> Result<Vec<(TenantId, Zone)>, Error> {
        let mut all = Vec::new();
        loop {
            let page = store::active(self.db.read(cx), all.last().map(|it: &(_, _)| it.0)).await?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page);
        }
    }

    /// Those whose grace is over, whose data may be erased; the first to leave first.
    pub async fn due(&self, cx: &Cx) -> Result<Vec<Tenant>, Error> {
        Ok(store::due(self.db.read(cx), cx.now).await?)
    }

    /// Has it live by another clock from now on: what is done at night waits for the next one.
    pub async fn set_zone(&self, cx: &Cx, id: TenantId, zone: &Zone) -> Result<Tenant, Error> {
        self.change(cx, id, |it| it.moved(zone)).await
    }

    /// Lets none of its keys in until it is resumed; one that is suspended stays so.
    pub async fn suspend(&self, cx: &Cx, id: TenantId) -> Result<Ended<Tenant>, Error> {
        let it = self.change(cx, id, |it| Ok(it.suspended())).await?;
        Ok(Ended { it, effective_in: LEASE })
    }

    /// Ends a suspension, if there is one.
    pub async fn resume(&self, cx: &Cx, id: TenantId) -> Result<Tenant, Error> {
        self.change(cx, id, |it| Ok(it.resumed())).await
    }

    /// Lets none of its keys in, and its data be erased after `grace`, unless it
    /// [stays](Self::stay).
    pub async fn leave(
        &self,
        cx: &Cx,
        id: TenantId,
        grace: Duration,
    ) -> Result<Ended<Tenant>, Error> {
        let it = self.change(cx, id, |it| it.leaving(cx, grace)).await?;
        Ok(Ended { it, effective_in: LEASE })
    }

    /// Takes a tenant that is leaving back, before its grace is over.
    pub async fn stay(&self, cx: &Cx, id: TenantId) -> Result<Tenant, Error> {
        self.change(cx, id, |it| it.staying(cx)).await
    }

    /// The last step, after its data was erased: of the tenant only the handle is left, which
    /// stays taken, because keys and links that name it are still about. One that is forgotten or
    /// was never there stays so.
    pub async fn forget(&self, cx: &Cx, id: TenantId) -> Result<(), Error> {
        self.db
            .run(&cx.in_tenant(id), async |tx: &mut Tx| {
                let Some(tenant) = store::lock_tenant(tx).await? else { return Ok(()) };
                tenant.let_go(cx, store::first_key(tx).await?)?;
                Ok(store::forget(tx, cx.now).await?)
            })
            .await
    }

    /// Makes another of what a tenant is, and forgets what this process remembered of its keys.
    async fn change(
        &self,
        cx: &Cx,
        id: TenantId,
        to: impl Fn(Tenant) -> Result<Tenant, Error>,
    ) -> Result<Tenant, Error> {
        let (to, cx) = (&to, &cx.in_tenant(id));
        let changed = self.db.run(cx, async |tx: &mut Tx| {
            let found = store::lock_tenant(tx).await?;
            let found = found.ok_or_else(|| Common::NotFound(id.to_string()))?;
            let tenant = to(found)?;
            store::update_tenant(tx, &tenant).await?;
            Ok::<_, Error>(tenant)
        });
        let tenant = changed.await?;
        self.leases.end_tenant(id);
        Ok(tenant)
    }
}
