//! The tenants' SQL. The table is a directory: it is read before a tenant is known.

use socle_db::{Reader, Tx};
use socle_kernel::Fault;

use crate::{Error, Handle, Tenant};

/// What a list shows at most.
const TENANTS_MAX: i64 = 10_000;

const INSERT: &str = "
    insert into socle_auth.tenant (id, handle, name, created_at) values ($1, $2, $3, $4)";

/// The transaction is the new tenant's own, so `$1` is its identifier.
pub(crate) async fn insert(tx: &mut Tx, it: &Tenant) -> Result<(), Error> {
    let statement = tx.sql(INSERT).bind(&it.handle).bind(&it.name).bind(it.created_at);
    statement.run_or("insert the tenant", Error::of_constraint).await.map(drop)
}

const CALLED: &str = "
    select id, handle, name, created_at from socle_auth.tenant where handle = $2";

pub(crate) async fn called(db: Reader<'_>, handle: &Handle) -> Result<Option<Tenant>, Fault> {
    db.sql(CALLED).bind(handle.clone()).maybe("find the tenant").await
}

const LIST: &str = "
    select id, handle, name, created_at from socle_auth.tenant order by handle limit $2";

pub(crate) async fn list(db: Reader<'_>) -> Result<Vec<Tenant>, Fault> {
    db.sql(LIST).bind(TENANTS_MAX).all("list the tenants").await
}
