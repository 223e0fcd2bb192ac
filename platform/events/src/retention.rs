//! How long events are kept, and what has been done with them.

use std::{collections::BTreeMap, time::Duration};

use socle_db::{Database, Db, SystemTx};
use socle_kernel::Fault;

use crate::sql::{
    deliveries, groups, inbox,
    partitions::{self, Old, Owner},
};

/// How long events are kept, unless somebody says otherwise.
pub const AGE: Duration = Duration::from_hours(7 * 24);

/// Rows that are forgotten in one transaction.
const BATCH: i64 = 10_000;

/// Rows of a partition.
const PARTITION_ROWS: i64 = 1 << 20;

/// What was done about a module's log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    /// Partitions that were dropped.
    pub dropped: Vec<String>,
    /// How many rows are kept for each group beyond their age, because it is behind.
    pub retained: BTreeMap<String, i64>,
    /// Groups that no program has asked for in a day: their rows are kept all the same.
    pub unseen: Vec<String>,
}

/// Drops what is older than `age` and heard by every group, in whole partitions, and forgets what
/// this module's own groups have dealt with for longer.
///
/// What the slowest group needs is never dropped; see [`groups::forget`](crate::groups::forget).
pub async fn keep(database: &Database, module: &str, age: Duration) -> Result<Kept, Fault> {
    let db = database.module(module);
    let age_s = i64::try_from(age.as_secs()).unwrap_or(i64::MAX);
    let look = async |tx: &mut SystemTx| -> Result<_, Fault> {
        let stands = groups::standing(tx, None).await?;
        Ok((partitions::old(tx, age_s).await?, groups::unseen(tx).await?, stands))
    };
    let (old, unseen, stands) = db.run_system(look).await?;
    let (free, needed): (Vec<Old>, Vec<Old>) =
        old.into_iter().partition(|it| it.needed_by.is_empty());
    let retained = stands.into_iter().map(|it| (it.group, 0)).collect();
    let mut kept = Kept { unseen, retained, dropped: Vec::new() };
    for group in needed.into_iter().flat_map(|it| it.needed_by) {
        *kept.retained.entry(group).or_default() += PARTITION_ROWS;
    }
    if let Some(mut owner) = Owner::of(database, module).await? {
        kept.dropped = free.into_iter().map(|it| it.name).collect();
        owner.drop(&kept.dropped).await?;
        owner.close().await?;
    }
    forget(&db, age_s).await?;
    Ok(kept)
}

/// A mark is needed for as long as its event may be delivered again.
async fn forget(db: &Db, age_s: i64) -> Result<(), Fault> {
    let marks = async |tx: &mut SystemTx| inbox::forget(tx, age_s, BATCH).await;
    while BATCH.unsigned_abs() <= db.run_system::<_, Fault>(marks).await? {}
    let done = async |tx: &mut SystemTx| deliveries::forget(tx, age_s, BATCH).await;
    while BATCH.unsigned_abs() <= db.run_system::<_, Fault>(done).await? {}
    Ok(())
}
