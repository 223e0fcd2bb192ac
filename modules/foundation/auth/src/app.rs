//! Use cases.

use socle_db::{Db, Tx};
use socle_kernel::{Common, Cx};

use crate::{Error, Handle, Tenant, TenantName, store};

/// The tenants' use cases.
#[derive(Debug, Clone)]
pub struct Tenants {
    db: Db,
}

impl Tenants {
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// Lets an organisation in.
    pub async fn create(&self, cx: &Cx, handle: Handle, name: TenantName) -> Result<Tenant, Error> {
        let tenant = &Tenant::create(cx, handle, name)?;
        self.db
            .run(&cx.in_tenant(tenant.id), async |tx: &mut Tx| {
                store::insert(tx, tenant).await?;
                Ok(tenant.clone())
            })
            .await
    }

    /// The tenant that is called so.
    pub async fn called(&self, cx: &Cx, handle: &Handle) -> Result<Tenant, Error> {
        let found = store::called(self.db.read(cx), handle).await?;
        found.ok_or_else(|| Common::NotFound(format!("tenant {handle}")).into())
    }

    /// All tenants, by handle.
    pub async fn list(&self, cx: &Cx) -> Result<Vec<Tenant>, Error> {
        Ok(store::list(self.db.read(cx)).await?)
    }
}
