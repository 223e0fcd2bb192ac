//! Keys.

use socle_db::{Reader, Tx};
use socle_kernel::{AppId, Common, Fault, Scope, TenantId, Timestamp};

use crate::{
    Error,
    domain::{ApiKey, Creator, Found, Handle, Identity, KeyHash, KeyId, KeyName, Prefix, Tenant},
    domain::{TenantName, Zone, scope},
};

/// All statements of this file.
pub(super) const STATEMENTS: [&str; 9] =
    [INSERT, FIND, LOCK, LIST, FIRST, FIND_BY_HASH, END, REVOKE, NOTE_USES];

const INSERT: &str = "
    insert into socle_auth.api_key
        (tenant_id, id, app_id, name, prefix, hash, scopes, limit_per_minute, created_by,
         created_at, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

pub(crate) async fn insert_key(tx: &mut Tx, it: &ApiKey, hash: KeyHash) -> Result<(), Error> {
    let scopes: Vec<&str> = it.scopes.iter().map(|it| it.0).collect();
    tx.sql(INSERT)
        .bind(it.id)
        .bind(it.app)
        .bind(&it.name)
        .bind(&it.prefix)
        .bind(hash.to_vec())
        .bind(scopes)
        .bind(i64::from(it.limit_per_minute))
        .bind(&it.created_by)
        .bind(it.created_at)
        .bind(it.expires_at)
        .run_or("insert the key", Error::of_constraint)
        .await
        .map(drop)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: KeyId,
    app_id: AppId,
    name: KeyName,
    prefix: Prefix,
    scopes: Vec<String>,
    limit_per_minute: i64,
    created_by: Creator,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    rotated_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

const FIND: &str = "
    select id, app_id, name, prefix, scopes, limit_per_minute, created_by, created_at, expires_at,
           last_used_at, rotated_at, revoked_at
    from socle_auth.api_key where tenant_id = $1 and id = $2";

pub(crate) async fn find_key(db: Reader<'_>, id: KeyId) -> Result<Option<ApiKey>, Fault> {
    let row: Option<Row> = db.sql(FIND).bind(id).maybe("find the key").await?;
    Ok(row.map(ApiKey::from))
}

const LOCK: &str = "
    select id, app_id, name, prefix, scopes, limit_per_minute, created_by, created_at, expires_at,
           last_used_at, rotated_at, revoked_at
    from socle_auth.api_key where tenant_id = $1 and id = $2 for update";

/// The key, kept from others until the transaction ends.
pub(crate) async fn lock_key(tx: &mut Tx, id: KeyId) -> Result<ApiKey, Error> {
    let row: Option<Row> = tx.sql(LOCK).bind(id).maybe("lock the key").await?;
    row.map(ApiKey::from).ok_or_else(|| Common::NotFound(id.to_string()).into())
}

const LIST: &str = "
    select id, app_id, name, prefix, scopes, limit_per_minute, created_by, created_at, expires_at,
           last_used_at, rotated_at, revoked_at
    from socle_auth.api_key
    where tenant_id = $1 and coalesce($2, '00000000-0000-0000-0000-000000000000'::uuid) < id
    order by id limit $3";

pub(crate) async fn keys(
    db: Reader<'_>,
    after: Option<KeyId>,
    limit: i64,
) -> Result<Vec<ApiKey>, Fault> {
    let rows: Vec<Row> = db.sql(LIST).bind(after).bind(limit).all("list the keys").await?;
    Ok(rows.into_iter().map(ApiKey::from).collect())
}

const FIRST: &str = "
    select id from socle_auth.api_key where tenant_id = $1 order by id limit 1";

/// One of the tenant's keys, if there is any.
pub(crate) async fn first_key(tx: &mut Tx) -> Result<Option<KeyId>, Fault> {
    let row: Option<(KeyId,)> = tx.sql(FIRST).maybe("look for a key").await?;
    Ok(row.map(|(id,)| id))
}

#[derive(sqlx::FromRow)]
struct FoundRow {
    tenant_id: TenantId,
    id: KeyId,
    app_id: AppId,
    scopes: Vec<String>,
    limit_per_minute: i64,
    expires_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    handle: Handle,
    tenant_name: TenantName,
    tenant_created_at: Timestamp,
    zone: Zone,
    is_suspended: bool,
    leaves_at: Option<Timestamp>,
}

const FIND_BY_HASH: &str = "
    select k.tenant_id, k.id, k.app_id, k.scopes, k.limit_per_minute, k.expires_at, k.revoked_at,
           t.handle, t.name as tenant_name, t.created_at as tenant_created_at, t.zone,
           t.is_suspended, t.leaves_at
    from socle_auth.api_key k join socle_auth.tenant t on t.id = k.tenant_id
    where k.tenant_id = $1 and k.hash = $2";

/// The key whose text has this hash, and how its tenant stands: one moment of both.
pub(crate) async fn find_by_hash(db: Reader<'_>, hash: KeyHash) -> Result<Option<Found>, Fault> {
    let row: Option<FoundRow> =
        db.sql(FIND_BY_HASH).bind(hash.to_vec()).maybe("find the key").await?;
    Ok(row.map(Found::from))
}

const END: &str = "
    update socle_auth.api_key set expires_at = $3, rotated_at = $4, revoked_at = $5
    where tenant_id = $1 and id = $2";

/// Writes down that another key takes its place.
pub(crate) async fn end_key(tx: &mut Tx, it: &ApiKey) -> Result<(), Fault> {
    let statement = tx.sql(END).bind(it.id).bind(it.expires_at).bind(it.rotated_at);
    statement.bind(it.revoked_at).run("end the old key").await.map(drop)
}

const REVOKE: &str = "
    update socle_auth.api_key set revoked_at = coalesce(revoked_at, $3)
    where tenant_id = $1 and id = $2
    returning id, app_id, name, prefix, scopes, limit_per_minute, created_by, created_at,
              expires_at, last_used_at, rotated_at, revoked_at";

pub(crate) async fn revoke_key(tx: &mut Tx, id: KeyId, now: Timestamp) -> Result<ApiKey, Error> {
    let row: Option<Row> = tx.sql(REVOKE).bind(id).bind(now).maybe("revoke the key").await?;
    row.map(ApiKey::from).ok_or_else(|| Common::NotFound(id.to_string()).into())
}

const NOTE_USES: &str = "
    update socle_auth.api_key k set last_used_at = noted.at
    from unnest($2::uuid[], $3::timestamptz[]) as noted (id, at)
    where k.tenant_id = $1 and k.id = noted.id
        and (k.last_used_at is null or k.last_used_at + interval '1 minute' <= noted.at)";

pub(crate) async fn note_uses(tx: &mut Tx, uses: &[(KeyId, Timestamp)]) -> Result<(), Fault> {
    let (ids, at): (Vec<_>, Vec<_>) = uses.iter().copied().unzip();
    tx.sql(NOTE_USES).bind(ids).bind(at).run("note the last uses").await.map(drop)
}

/// A right that this program does not know is none that it could give.
fn known(scopes: &[String]) -> Vec<Scope> {
    scopes.iter().filter_map(|it| scope(it).ok()).collect()
}

/// The table keeps it between 1 and a million.
fn limit(per_minute: i64) -> u32 {
    u32::try_from(per_minute).unwrap_or_default()
}

impl From<Row> for ApiKey {
    fn from(it: Row) -> Self {
        Self {
            id: it.id,
            app: it.app_id,
            name: it.name,
            prefix: it.prefix,
            scopes: known(&it.scopes),
            limit_per_minute: limit(it.limit_per_minute),
            created_by: it.created_by,
            created_at: it.created_at,
            expires_at: it.expires_at,
            last_used_at: it.last_used_at,
            rotated_at: it.rotated_at,
            revoked_at: it.revoked_at,
        }
    }
}

impl From<FoundRow> for Found {
    fn from(it: FoundRow) -> Self {
        let identity = Identity {
            tenant: it.tenant_id,
            app: it.app_id,
            key: it.id,
            scopes: known(&it.scopes),
            limit_per_minute: limit(it.limit_per_minute),
        };
        let tenant = Tenant {
            id: it.tenant_id,
            handle: it.handle,
            name: it.tenant_name,
            created_at: it.tenant_created_at,
            zone: it.zone,
            is_suspended: it.is_suspended,
            leaves_at: it.leaves_at,
        };
        Self { identity, expires_at: it.expires_at, revoked_at: it.revoked_at, tenant }
    }
}
