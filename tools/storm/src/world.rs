//! What a storm breaks: two programs on one PostgreSQL, the wire between them, and the disk.

mod disk;
mod postgres;
mod program;
mod template;
mod wire;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::Value;
use tokio::process::Command;

use crate::{Failed, schedule::Which};

pub(crate) use disk::Disk;
pub(crate) use postgres::{Postgres, kill};
pub(crate) use program::{Door, Program};
pub(crate) use template::{Template, Tenant};
pub(crate) use wire::{State as WireState, Wire};

/// How long anything may take to come up again on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// How often it is looked whether something has come up.
pub(crate) const LOOK: Duration = Duration::from_millis(50);

/// All of it, in a folder of its own.
pub(crate) struct World {
    pub(crate) folder: PathBuf,
    pub(crate) postgres: Postgres,
    programs: [Program; 2],
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
        let tenants = template.tenants.clone();
        let world = Self { folder, postgres, programs, wires, tenants, disk };
        tokio::try_join!(world.programs[0].start(), world.programs[1].start())?;
        Ok(world)
    }

    pub(crate) fn program(&self, which: Which) -> &Program {
        &self.programs[which as usize]
    }

    pub(crate) fn wire(&self, which: Which) -> &Wire {
        &self.wires[which as usize]
    }

    /// Where the programs that are up can be called.
    pub(crate) fn doors(&self) -> [Door; 2] {
        [self.programs[0].door(), self.programs[1].door()]
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
        for (which, program) in Which::ALL.into_iter().zip(&self.programs) {
            program.wake().await?;
            if let Some(status) = program.ended_by_itself().await? {
                ended.push(format!("program {} ended by itself: {status}", which.name()));
            }
        }
        tokio::try_join!(self.programs[0].start(), self.programs[1].start())?;
        Ok(ended)
    }

    /// Asks a command of the program, past every wire.
    pub(crate) async fn ask(&self, words: &[&str]) -> Result<Value, Failed> {
        let url = self.postgres.url();
        ask(&self.programs[0].path, (&self.folder.join("cli"), &url), words).await
    }

    /// Ends everything. What is left is the folder.
    pub(crate) async fn close(self, kept: Option<&Path>) -> Result<(), Failed> {
        for program in &self.programs {
            program.kill().await?;
        }
        self.postgres.stop().await?;
        if let Some(kept) = kept {
            copy(&self.folder, kept).await?;
        }
        if let Some(disk) = self.disk {
            disk.unmount()?;
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
