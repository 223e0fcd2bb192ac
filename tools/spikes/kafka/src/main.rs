//! What of the bus Kafka carries, on a real broker; see `../README.md`.

mod broker;
mod lateness;
mod own;
mod poison;
mod publish;
mod read;
mod retention;
mod stage;
mod wire;

use std::{env, fs, path::Path, process};

use ground::{Doing, Fault, Part, experiments, wanted};
use stage::{Stage, play};

/// The protocol of groups that every version has, and the one that the broker leads.
const SHARING: [(&str, &str); 2] =
    [("two processes, classic protocol", ""), ("two processes, new protocol", "consumer")];

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
async fn direct(folder: &Path) -> Result<(), Fault> {
    let mut stage = Stage::build(folder).await?;
    let set = async |name: &str| stage.scene(name, &[]).await;
    if wanted("order") {
        experiments::order(set, &SHARING).await?;
    }
    if wanted("relays") {
        experiments::relays(set).await?;
    }
    if wanted("takeover") {
        for manner in ["", "consumer", "guarded"] {
            experiments::takeover(set, manner).await?;
        }
    }
    if wanted("poison") {
        poison::run(&stage).await?;
    }
    if wanted("late") {
        lateness::run(&stage).await?;
    }
    if wanted("retention") {
        retention::run(&stage).await?;
    }
    if wanted("crash") {
        let scene = stage.scene("crash", &[]).await?;
        experiments::crash(scene, &mut stage.broker).await?;
    }
    Ok(())
}
