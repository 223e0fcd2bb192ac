//! Programs that die, and programs that stand still.

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    Failed,
    schedule::Which,
    world::{Program, World},
};

pub(super) async fn kill(program: &Program, time: Duration) -> Result<(), Failed> {
    program.kill().await?;
    sleep(time).await;
    program.start().await
}

pub(super) async fn pause(program: &Program, time: Duration) -> Result<(), Failed> {
    program.pause().await?;
    sleep(time).await;
    program.wake().await
}

/// As a machine that loses its power, but for what the disk has not written yet.
pub(super) async fn kill_all(world: &World) -> Result<(), Failed> {
    world.postgres.kill().await?;
    for it in Which::ALL {
        tokio::try_join!(world.program(it).kill(), world.worker(it).kill())?;
    }
    world.postgres.start_again().await?;
    world.start().await
}
