//! A PostgreSQL all of whose connections somebody else has.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::{Failed, world::World};

/// Between two tries to take one more.
const MOMENT: Duration = Duration::from_millis(20);

/// Takes every connection that there is: those that the programs have now are ended first.
pub(super) async fn take(world: &World, time: Duration) -> Result<(), Failed> {
    super::postgres::end_sessions(world, Duration::from_millis(1)).await?;
    let (mut taken, until) = (Vec::new(), Instant::now() + time);
    while Instant::now() < until {
        match world.postgres.session().await {
            Ok(session) => taken.push(session),
            // There is none left, or no server.
            Err(_) => sleep(MOMENT).await,
        }
    }
    drop(taken);
    Ok(())
}
