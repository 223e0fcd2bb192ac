//! Tenants. The table is a directory: it is read before a tenant is known.

use socle_db::{Reader, Tx};
use socle_kernel::{Common, Fault, TenantId, Timestamp};

use crate::{
    Error,
    domain::{Handle, Tenant, Zone},
};

/// What a list shows at most.
const TENANTS_MAX: i64 = 10_000;

/// How many leave at a time; the others are due at the next look.
const DUE_MAX: i64 = 100;

/// All statements of this file.
pub(super) const STATEMENTS: [&str; 10] =
    [INSERT, CALLED, OWN, LIST, ACTIVE, DUE, LOCK, HOLD, UPDATE, FORGET];

const INSERT: &str = "
    insert into socle_auth.tenant (id, handle, name, created_at, zone, is_suspended, leaves_at)
    values ($1, $2, $3, $4, $5, $6, $7)";

/// The transaction is the new tenant's own, so `$1` is its identifier.
pub(crate) async fn insert_tenant(tx: &mut Tx, it: &Tenant) -> Result<(), Error> {
    tx.sql(INSERT)
        .bind(&it.handle)
        .bind(&it.name)
        .bind(it.created_at)
        .bind(&it.zone)
        .bind(it.is_suspended)
        .bind(it.leaves_at)
        .run_or("insert the tenant", Error::of_constraint)
        .await
        .map(drop)
}

const CALLED: &str = "
    select id, handle, name, created_at, zone, is_suspended, leaves_at
    from socle_auth.tenant where handle = $2 and forgotten_at is null";

pub(crate) async fn called(db: Reader<'_>, handle: &Handle) -> Result<Option<Tenant>, Fault> {
    db.sql(CALLED).bind(handle.clone()).maybe("find the tenant").await
}

const OWN: &str = "
    select id, handle, name, created_at, zone, is_suspended, leaves_at
    from socle_auth.tenant where id = $1 and forgotten_at is null";

/// The caller's own.
pub(crate) async fn own(db: Reader<'_>) -> Result<Option<Tenant>, Fault> {
    db.sql(OWN).maybe("find the tenant").await
}

const LIST: &str = "
    select id, handle, name, created_at, zone, is_suspended, leaves_at
    from socle_auth.tenant where forgotten_at is null order by handle limit $2";

pub(crate) async fn list(db: Reader<'_>) -> Result<Vec<Tenant>, Fault> {
    db.sql(LIST).bind(TENANTS_MAX).all("list the tenants").await
}

const ACTIVE: &str = "
    select id, zone from socle_auth.tenant
    where coalesce($2, '00000000-0000-0000-0000-000000000000'::uuid) < id and not is_suspended and leaves_at is null and forgotten_at is null
    order by id limit $3";

/// Those that are neither suspended nor leaving, after one that was seen; all, page by page.
pub(crate) async fn active(
    db: Reader<'_>,
    after: Option<TenantId>,
) -> Result<Vec<(TenantId, Zone)>, Fault> {
    db.sql(ACTIVE).bind(after).bind(TENANTS_MAX).all("list the active tenants").await
}

const DUE: &str = "
    select id, handle, name, created_at, zone, is_suspended, leaves_at
    from socle_auth.tenant
    where leaves_at is not null and leaves_at <= $2 and forgotten_at is null
    order by leaves_at limit $3";

pub(crate) async fn due(db: Reader<'_>, now: Timestamp) -> Result<Vec<Tenant>, Fault> {
    db.sql(DUE).bind(now).bind(DUE_MAX).all("find the tenants that have left").await
}

const LOCK: &str = "
    select id, handle, name, created_at, zone, is_suspended, leaves_at
    from socle_auth.tenant where id = $1 and forgotten_at is null for update";

/// The transaction's tenant, kept from others until the transaction ends.
pub(crate) async fn lock_tenant(tx: &mut Tx) -> Result<Option<Tenant>, Fault> {
    tx.sql(LOCK).maybe("lock the tenant").await
}

const HOLD: &str = "
    select id, handle, name, created_at, zone, is_suspended, leaves_at
    from socle_auth.tenant where id = $1 and forgotten_at is null for share";

/// The transaction's tenant, which stays as it is until the transaction ends.
pub(crate) async fn hold_tenant(tx: &mut Tx) -> Result<Tenant, Error> {
    let id = tx.tenant();
    let found = tx.sql(HOLD).maybe("hold the tenant").await?;
    found.ok_or_else(|| Common::NotFound(id.to_string()).into())
}

const UPDATE: &str = "
    update socle_auth.tenant set zone = $2, is_suspended = $3, leaves_at = $4
    where id = $1 and forgotten_at is null
        and (zone, is_suspended, leaves_at) is distinct from ($2, $3, $4)";

/// Writes nothing if nothing changed.
pub(crate) async fn update_tenant(tx: &mut Tx, it: &Tenant) -> Result<(), Fault> {
    let statement = tx.sql(UPDATE).bind(&it.zone).bind(it.is_suspended).bind(it.leaves_at);
    statement.run("update the tenant").await.map(drop)
}

const FORGET: &str = "
    update socle_auth.tenant set name = 'forgotten', forgotten_at = $2
    where id = $1 and leaves_at <= $2 and forgotten_at is null";

/// Makes a tombstone of the transaction's tenant.
pub(crate) async fn forget(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    tx.sql(FORGET).bind(now).run("forget the tenant").await.map(drop)
}
