//! What breaks. Each is mended by itself when its time is over; what is left broken all the same
//! is mended by `World::heal`.

mod calendar;
mod connections;
mod disk;
mod postgres;
mod programs;
mod wire;
mod workers;

use std::time::Duration;

use futures_util::future::try_join_all;
use tokio::time::sleep;

use crate::{
    Failed,
    schedule::{Fault, Planned},
    world::World,
};

pub(crate) use calendar::put_back;
pub(crate) use workers::end_leases;

/// Breaks what is planned when it is planned, all faults side by side.
pub(crate) async fn run(world: &World, planned: &[Planned]) -> Result<(), Failed> {
    try_join_all(planned.iter().map(|it| one(world, *it))).await?;
    Ok(())
}

async fn one(world: &World, planned: Planned) -> Result<(), Failed> {
    sleep(Duration::from_millis(planned.at_ms)).await;
    let time = Duration::from_millis(planned.lasts_ms);
    match planned.fault {
        Fault::KillProgram(which) => programs::kill(world.program(which), time).await,
        Fault::PauseProgram(which) => programs::pause(world.program(which), time).await,
        Fault::KillWorker(which) => workers::kill(world, which, time).await,
        Fault::PauseWorker(which) => workers::pause(world, which, time).await,
        Fault::KillSession => postgres::kill_session(world).await,
        Fault::KillPostgres => postgres::kill(world, time).await,
        Fault::EndSessions => postgres::end_sessions(world, time).await,
        Fault::CutWire(which) => wire::cut(world.wire(which), time).await,
        Fault::SilenceWire(which) => wire::silence(world.wire(which), time).await,
        Fault::SlowWire(which) => wire::slow(world.wire(which), time).await,
        Fault::TakeConnections => connections::take(world, time).await,
        Fault::FillDisk => disk::fill(world, time).await,
        Fault::KillAll => programs::kill_all(world).await,
    }
}
