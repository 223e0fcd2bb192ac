//! A disk that runs full.

use std::time::Duration;

use tokio::time::sleep;

use crate::{Failed, world::World};

/// Lets PostgreSQL need room for its log: a segment of it is made ahead.
const NEXT_SEGMENT: &str = "select pg_switch_wal()";

/// Fills it; nothing happens where there is none that may be filled.
pub(super) async fn fill(world: &World, time: Duration) -> Result<(), Failed> {
    let Some(disk) = &world.disk else { return Ok(()) };
    disk.fill()?;
    for _ in 0..2 {
        // It need not survive that.
        let _ = world.postgres.execute(NEXT_SEGMENT).await;
        sleep(time / 2).await;
    }
    disk.empty()?;
    world.postgres.start_again().await
}
