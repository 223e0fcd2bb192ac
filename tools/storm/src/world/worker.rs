//! One of the two workers beside the programs: this tool again, as the witness.

use std::{
    env,
    fs::{self, OpenOptions},
    path::PathBuf,
    process::{ExitStatus, Stdio},
};

use tokio::process::Command;

use super::process::Process;
use crate::{Failed, witness::WITNESS};

/// `storm --witness`, behind a wire.
pub(crate) struct Worker {
    folder: PathBuf,
    url: String,
    process: Process,
}

impl Worker {
    pub(super) fn new(folder: PathBuf, url: String) -> Self {
        Self { folder, url, process: Process::default() }
    }

    /// Starts it where it does not run. It waits for the database by itself.
    pub(crate) async fn start(&self) -> Result<(), Failed> {
        self.process.run(|| self.command()).await.map(drop)
    }

    pub(crate) async fn kill(&self) -> Result<(), Failed> {
        self.process.kill().await
    }

    pub(crate) async fn pause(&self) -> Result<(), Failed> {
        self.process.pause().await
    }

    pub(crate) async fn wake(&self) -> Result<(), Failed> {
        self.process.wake().await
    }

    pub(super) async fn ended_by_itself(&self) -> Result<Option<ExitStatus>, Failed> {
        self.process.ended_by_itself().await
    }

    fn command(&self) -> Result<Command, Failed> {
        fs::create_dir_all(&self.folder)?;
        let path = self.folder.join("worker.log");
        let log = OpenOptions::new().create(true).append(true).open(path)?;
        let mut command = Command::new(env::current_exe()?);
        command.arg(WITNESS).arg(&self.url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        Ok(command)
    }
}
