//! Workers that die, and workers that stand still for longer than their leases.

use std::time::Duration;

use tokio::time::sleep;

use crate::{Failed, schedule::Which, world::World};

/// All leases end now, as they would for a worker that stands still for 30 s; who still works takes
/// its own again, and what is free.
const END_LEASES: [&str; 3] = [
    "update socle_ledger.outbox_group set leased_until = clock_timestamp()",
    "update socle_ledger.outbox_member set seen_until = clock_timestamp()",
    "update socle_storm.job_worker set leased_until = clock_timestamp()",
];

/// How long the others have to take what is free.
const TAKING: Duration = Duration::from_millis(2_500);

pub(super) async fn kill(world: &World, which: Which, time: Duration) -> Result<(), Failed> {
    world.worker(which).kill().await?;
    sleep(time).await;
    end_leases(world).await;
    world.worker(which).start().await
}

/// The one that is woken still believes that it has its leases.
pub(super) async fn pause(world: &World, which: Which, time: Duration) -> Result<(), Failed> {
    let worker = world.worker(which);
    worker.pause().await?;
    sleep(time).await;
    end_leases(world).await;
    sleep(TAKING).await;
    worker.wake().await
}

/// So that nobody waits for the leases of the dead.
pub(crate) async fn end_leases(world: &World) {
    for sql in END_LEASES {
        // A server that is down has nobody at work.
        let _ = world.postgres.execute(sql).await;
    }
}
