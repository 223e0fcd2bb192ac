//! Purchases. They are inserted by the unit that gives their points.

use serde_json::json;
use socle_books::{Row, Table};
use socle_db::{Reader, Tx};
use socle_kernel::{Common, Fault, TenantId, TransferId};
use socle_ledger_contract::PurchaseId;

use crate::{
    Error,
    domain::{Purchase, Refund},
};

/// All statements of this file.
pub(super) const STATEMENTS: [&str; 5] = [FIND, LOCK, OF_TRANSACTION, INSERT_REFUND, UPDATE];

const PURCHASES: Table = Table {
    name: "socle_ledger.purchase",
    columns: "tenant_id, id, programme_id, customer, transaction_id, effective_at, amount, points,
              refunded, refunded_points",
};

/// The row of a purchase, to be written by a unit.
pub(crate) fn purchase_row(tenant: TenantId, it: &Purchase) -> Row {
    let values = json!({
        "tenant_id": tenant.uuid().to_string(),
        "id": it.id.uuid().to_string(),
        "programme_id": it.programme_id.uuid().to_string(),
        "customer": it.customer.as_ref(),
        "transaction_id": it.transaction_id.map(|it| it.uuid().to_string()),
        "effective_at": it.effective_at.to_string(),
        "amount": it.amount.minor(),
        "points": it.points.minor(),
        "refunded": it.refunded.minor(),
        "refunded_points": it.refunded_points.minor(),
    });
    Row { table: &PURCHASES, values }
}

const FIND: &str = "
    select id, programme_id, customer, transaction_id, effective_at, amount, points, refunded,
           refunded_points
    from socle_ledger.purchase where tenant_id = $1 and id = $2";

pub(crate) async fn find_purchase(db: Reader<'_>, id: PurchaseId) -> Result<Purchase, Error> {
    let row = db.sql(FIND).bind(id).maybe("find the purchase").await?;
    row.ok_or_else(|| Common::NotFound(id.to_string()).into())
}

const LOCK: &str = "
    select id, programme_id, customer, transaction_id, effective_at, amount, points, refunded,
           refunded_points
    from socle_ledger.purchase where tenant_id = $1 and id = $2 for update";

/// Like [`find_purchase`], and keeps others from refunding it until the transaction ends.
pub(crate) async fn lock_purchase(tx: &mut Tx, id: PurchaseId) -> Result<Purchase, Error> {
    let row = tx.sql(LOCK).bind(id).maybe("lock the purchase").await?;
    row.ok_or_else(|| Common::NotFound(id.to_string()).into())
}

const OF_TRANSACTION: &str = "
    select id, programme_id, customer, transaction_id, effective_at, amount, points, refunded,
           refunded_points
    from socle_ledger.purchase where tenant_id = $1 and transaction_id = $2 for update";

/// The purchase for which a transaction gave points, locked.
pub(crate) async fn purchase_of(
    tx: &mut Tx,
    transaction: TransferId,
) -> Result<Option<Purchase>, Fault> {
    tx.sql(OF_TRANSACTION).bind(transaction).maybe("find the purchase of the transaction").await
}

const INSERT_REFUND: &str = "
    insert into socle_ledger.refund (tenant_id, id, purchase_id, amount, points)
    select $1, $3, p.id, $4, $5 - p.refunded_points
    from socle_ledger.purchase as p where p.tenant_id = $1 and p.id = $2";

/// Records a refund; `after` is its purchase with it, while the table still has it without.
pub(crate) async fn insert_refund(tx: &mut Tx, it: &Refund, after: &Purchase) -> Result<(), Fault> {
    tx.sql(INSERT_REFUND)
        .bind(it.purchase)
        .bind(it.id)
        .bind(it.amount.amount)
        .bind(after.refunded_points)
        .run("record the refund")
        .await
        .map(drop)
}

const UPDATE: &str = "
    update socle_ledger.purchase set refunded = $3, refunded_points = $4
    where tenant_id = $1 and id = $2";

pub(crate) async fn update_refunded(tx: &mut Tx, it: &Purchase) -> Result<(), Fault> {
    let statement = tx.sql(UPDATE).bind(it.id).bind(it.refunded).bind(it.refunded_points);
    statement.run("note the refund").await.map(drop)
}
