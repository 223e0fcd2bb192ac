//! What is due, over all tenants.

use socle_db::{Db, SystemTx};
use socle_kernel::{Fault, HoldId, TenantId, Timestamp};

const HOLDS_DUE: &str = "
    select h.tenant_id, h.id from {schema}.hold as h
    where h.state = 'open' and h.expires_at <= $2 and ($1::uuid is null or h.tenant_id = $1)
    order by h.expires_at limit $3";

/// Holds that the clock had ended by a moment and nothing has recorded, the earliest first.
pub(crate) async fn holds_due(
    db: &Db,
    by: Timestamp,
    limit: i64,
) -> Result<Vec<(TenantId, HoldId)>, Fault> {
    db.run_system(async |tx: &mut SystemTx| {
        tx.template(HOLDS_DUE).bind(by).bind(limit).all("find the holds that have ended").await
    })
    .await
}
