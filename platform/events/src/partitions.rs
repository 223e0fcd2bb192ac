//! Partitions of the log, made before rows come for them.

use socle_db::Database;
use socle_kernel::Fault;

use crate::sql::partitions::Owner;

/// Sees to it that eight empty partitions, of a million rows each, lie ahead in a module's log.
///
/// Every minute is often enough: a module that fills them faster writes 140,000 events a second.
pub async fn keep(database: &Database, module: &str) -> Result<(), Fault> {
    let Some(mut owner) = Owner::of(database, module).await? else { return Ok(()) };
    owner.make_ahead().await?;
    owner.close().await
}
