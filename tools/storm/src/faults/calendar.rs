//! A calendar that is asked again and again for a time that was done.

use std::time::Duration;

use tokio::time::sleep;

use crate::world::World;

const EVERY: Duration = Duration::from_millis(400);

/// As a clock that is put back has it: the minute that is past is still to come.
const PUT_BACK: &str = "update socle_storm.job_cron
    set next_at = date_trunc('minute', clock_timestamp())";

/// For as long as it is let; both workers want to be the one who does it.
pub(crate) async fn put_back(world: &World) {
    loop {
        // A server that is down has no calendar.
        let _ = world.postgres.execute(PUT_BACK).await;
        sleep(EVERY).await;
    }
}
