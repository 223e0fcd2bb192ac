//! A PostgreSQL that dies, and sessions that are ended.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Row};
use tokio::time::{Instant, sleep};

use crate::{
    Failed,
    world::{World, kill as kill_process},
};

/// How often sessions are ended while they are.
const EVERY: Duration = Duration::from_millis(250);

const SESSIONS: &str = "select pid from pg_stat_activity
    where usename = 'socle_app' order by state = 'active' desc, pid limit 1";

const END: &str = "select pg_terminate_backend(pid) from pg_stat_activity
    where usename = 'socle_app' and pid <> pg_backend_pid()";

pub(super) async fn kill(world: &World, time: Duration) -> Result<(), Failed> {
    world.postgres.kill().await?;
    sleep(time).await;
    world.postgres.start_again().await
}

/// One that is at work, if any is.
pub(super) async fn kill_session(world: &World) -> Result<(), Failed> {
    // Something else may have broken it first.
    let Ok(mut session) = world.postgres.session().await else { return Ok(()) };
    let found = sqlx::query(AssertSqlSafe(SESSIONS)).fetch_optional(&mut session).await;
    if let Ok(Some(row)) = found {
        kill_process(u32::try_from(row.try_get::<i32, _>(0)?)?)?;
    }
    Ok(())
}

pub(super) async fn end_sessions(world: &World, time: Duration) -> Result<(), Failed> {
    let until = Instant::now() + time;
    while Instant::now() < until {
        // A server that is down has no session to end.
        let _ = world.postgres.execute(END).await;
        sleep(EVERY).await;
    }
    Ok(())
}
