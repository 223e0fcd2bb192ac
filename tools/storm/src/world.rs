//! What a storm breaks: two programs and two workers on one PostgreSQL, the wire between them, and
//! the disk.

mod disk;
mod postgres;
mod process;
mod program;
mod template;
mod wire;
mod worker;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::Value;
use tokio::process::Command;

use crate::{Failed, schedule::Which};

pub(crate) use disk::Disk;
pub(crate) use postgres::Postgres;
pub(crate) use process::kill;
pub(crate) use program::{Door, Program};
pub(crate) use template::{Template, Tenant};
pub(crate) use wire::{State as WireState, Wire};
pub(crate) use worker::Worker;

/// How long anything may take to come up again on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// How often it is looked whether something has come up.
pub(crate) const LOOK: Duration = Duration::from_millis(50);

/// All of it, in a folder of its own.
pub(crate) struct World {
    pub(crate) folder: PathBuf,
    pub(crate) postgres: Postgres,
    programs: [Program; 2],
    workers: [Worker; 2],
    wires: [Wire; 2],
    pub(crate) tenants: Vec<Tenant>,
    pub(crate) disk: Option<Disk>,
}

impl World {
    /// Everything up, on a copy of the template.
    pub(crate) async fn open(template: &Template, folder: PathBuf) -> Result<Self, Failed> {
        fs::create_dir_all(&folder)?;
        let disk = Disk::mount(&folder.join("d"))?;
        template.copy(&folder.join("d")).await?;
        let postgres = Postgres::start(&folder.join("d")).await?;
        let wires = [Wire::lay(&folder.join("wa"))?, Wire::lay(&folder.join("wb"))?];
        for it in &wires {
            it.lead_to(postgres.socket());
        }
        let program = |which: Which, wire: &Wire| {
            let data = folder.join(which.name());
            Program::new(&template.socle, data, wire.url())
        };
        let programs = [program(Which::A, &wires[0]), program(Which::B, &wires[1])];
        let worker = |which: Which, wire: &Wire| Worker::new(folder.join(which.name()), wire.url());
        let workers = [worker(Which::A, &wires[0]), worker(Which::B, &wires[1])];
        let tenants = template.tenants.clone();
        let world = Self { folder, postgres, programs, workers, wires, tenants, disk };
        world.start().await?;
        Ok(world)
    }

    pub(crate) fn program(&self, which: Which) -> &Program {
        &self.programs[which as usize]
    }

    pub(crate) fn worker(&self, which: Which) -> &Worker {
        &self.workers[which as usize]
    }

    pub(crate) fn wire(&self, which: Which) -> &Wire {
        &self.wires[which as usize]
    }

    /// Where the programs that are up can be called.
    pub(crate) fn doors(&self) -> [Door; 2] {
        [self.programs[0].door(), self.programs[1].door()]
    }

    /// Starts the programs and the workers that are down.
    pub(crate) async fn start(&self) -> Result<(), Failed> {
        tokio::try_join!(self.programs[0].start(), self.programs[1].start())?;
        tokio::try_join!(self.workers[0].start(), self.workers[1].start())?;
        Ok(())
    }

    /// Mends everything; says which program had ended by itself.
    pub(crate) async fn heal(&self) -> Result<Vec<String>, Failed> {
        if let Some(disk) = &self.disk {
            disk.empty()?;
        }
        self.postgres.start_again().await?;
        for wire in &self.wires {
            wire.set(WireState::Open);
        }
        let mut ended = Vec::new();
        for which in Which::ALL {
            let (program, worker) = (self.program(which), self.worker(which));
            tokio::try_join!(program.wake(), worker.wake())?;
            let ends = tokio::try_join!(program.ended_by_itself(), worker.ended_by_itself())?;
            for (what, status) in [("program", ends.0), ("worker", ends.1)] {
                let says = |it| format!("{what} {} ended by itself: {it}", which.name());
                ended.extend(status.map(says));
            }
        }
        self.start().await?;
        Ok(ended)
    }

    /// Asks a command of the program, past every wire.
    pub(crate) async fn ask(&self, words: &[&str]) -> Result<Value, Failed> {
        let url = self.postgres.url();
        ask(&self.programs[0].path, (&self.folder.join("cli"), &url), words).await
    }

    /// Ends everything. What is left is the folder.
    pub(crate) async fn close(self, kept: Option<&Path>) -> Result<(), Failed> {
        for it in Which::ALL {
            tokio::try_join!(self.program(it).kill(), self.worker(it).kill())?;
        }
        self.postgres.stop().await?;
        if let Some(kept) = kept {
            copy(&self.folder, kept).await?;
        }
        if let Some(disk) = self.disk {
            disk.unmount().await?;
        }
        Ok(fs::remove_dir_all(&self.folder)?)
    }
}

/// Runs one command of the program to its end, and reads its answer, a bad one as well.
pub(crate) async fn ask(
    socle: &Path,
    (data, url): (&Path, &str),
    words: &[&str],
) -> Result<Value, Failed> {
    let mut command = program::command(socle, data, url);
    let output = command.arg("--json").args(words).kill_on_drop(true).output().await?;
    let said = String::from_utf8_lossy(&output.stdout);
    let last = said.lines().last().unwrap_or_default();
    serde_json::from_str(last).map_err(|_| {
        let why = String::from_utf8_lossy(&output.stderr);
        Failed(format!("`socle {}` said: {said}{why}", words.join(" ")))
    })
}

/// Copies a folder with everything that its files are.
async fn copy(from: &Path, to: &Path) -> Result<(), Failed> {
    fs::create_dir_all(to)?;
    let copied = Command::new("cp").arg("-a").arg(from.join(".")).arg(to).status().await?;
    if copied.success() {
        return Ok(());
    }
    Err(Failed(format!("could not copy {} to {}", from.display(), to.display())))
}
