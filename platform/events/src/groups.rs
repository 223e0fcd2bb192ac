//! The groups that read a module's log: how they stand, and how one is forgotten.

use socle_db::{Db, SystemTx};
use socle_kernel::Fault;

use crate::sql::groups;

pub use crate::sql::groups::Standing;

/// How each group of this module's log stands, by partition.
pub async fn list(producer: &Db) -> Result<Vec<Standing>, Fault> {
    producer.run_system(async |tx: &mut SystemTx| groups::standing(tx, None).await).await
}

/// Forgets a group that no program works for any more, so that nothing is kept for it; false when
/// there is none of this name. While somebody holds a lease on it, it is left as it is.
///
/// A program that asks for it again is a new group.
pub async fn forget(producer: &Db, group: &str, by: &str) -> Result<bool, Fault> {
    let forget = async |tx: &mut SystemTx| groups::forget(tx, group, by).await;
    let is_forgotten = producer.run_system(forget).await?;
    if is_forgotten {
        tracing::warn!(group, by, "a group was forgotten");
    }
    Ok(is_forgotten)
}
