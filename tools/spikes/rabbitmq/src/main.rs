//! What of the bus RabbitMQ carries, on a real broker; see `../README.md`.

mod broker;
mod depth;
mod holes;
mod late;
mod lateness;
mod own;
mod poison;
mod publish;
mod read;
mod routing;
mod stage;
mod wire;

use std::{env, fs, process};

use ground::{Doing, Fault, Part, experiments, wanted};
use stage::{Stage, play};

/// Queues stay with whoever stood in line first, unless whoever has too many steps back.
const SHARING: [(&str, &str); 2] =
    [("two processes, as they came", ""), ("two processes that step back", "fair")];

#[tokio::main]
async fn main() -> Result<(), Fault> {
    if let Some(part) = Part::of_this_process() {
        return play(&part).await;
    }
    let folder = env::temp_dir().join(format!("socle-spike-{}", process::id()));
    let ended = direct(&folder).await;
    fs::remove_dir_all(&folder).doing("remove the folder")?;
    ended
}

/// Every experiment that is wanted, one after another.
async fn direct(folder: &std::path::Path) -> Result<(), Fault> {
    let mut stage = Stage::build(folder).await?;
    let set = async |name: &str| stage.scene(name).await;
    if wanted("routing") {
        routing::run(&stage).await?;
    }
    if wanted("order") {
        experiments::order(set, &SHARING).await?;
    }
    if wanted("relays") {
        experiments::relays(set).await?;
    }
    if wanted("takeover") {
        experiments::takeover(set, "").await?;
    }
    if wanted("poison") {
        poison::run(&stage).await?;
    }
    if wanted("late") {
        lateness::run(&stage).await?;
    }
    if wanted("depth") {
        depth::run(&stage).await?;
    }
    if wanted("holes") {
        holes::run(&stage).await?;
    }
    if wanted("crash") {
        let scene = stage.scene("crash").await?;
        experiments::crash(scene, &mut stage.broker).await?;
    }
    Ok(())
}
