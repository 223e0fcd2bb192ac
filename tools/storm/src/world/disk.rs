//! A disk that can run full: a small file system in memory, for whoever may mount one.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use rustix::process::geteuid;
use tokio::time::{Instant, sleep};

use super::{LOOK, PATIENCE};
use crate::Failed;

/// Room for a cluster, its log and what a round writes.
const SIZE: &str = "384m";

static PIECE: [u8; 65_536] = [0; 65_536];

/// The file system of one world.
pub(crate) struct Disk(PathBuf);

impl Disk {
    /// `None` for whoever may not mount: then no disk runs full.
    pub(crate) fn mount(at: &Path) -> Result<Option<Self>, Failed> {
        fs::create_dir_all(at)?;
        if !geteuid().is_root() || std::env::var_os(crate::apart::INSIDE).is_none() {
            return Ok(None);
        }
        let options = format!("size={SIZE},mode=0711");
        run("mount", &["-t", "tmpfs", "-o", &options, "storm"], at)?;
        Ok(Some(Self(at.to_owned())))
    }

    /// Takes all the room that is left.
    pub(crate) fn fill(&self) -> Result<(), Failed> {
        let mut ballast = File::create(self.ballast())?;
        loop {
            match ballast.write_all(&PIECE) {
                Err(error) if error.kind() == ErrorKind::StorageFull => return Ok(()),
                other => other?,
            }
        }
    }

    /// Gives it back.
    pub(crate) fn empty(&self) -> Result<(), Failed> {
        match fs::remove_file(self.ballast()) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// PostgreSQL's logger ends a moment after the server.
    pub(crate) async fn unmount(self) -> Result<(), Failed> {
        let give_up = Instant::now() + PATIENCE;
        loop {
            let done = run("umount", &[], &self.0);
            if done.is_ok() || give_up < Instant::now() {
                return done;
            }
            sleep(LOOK).await;
        }
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }
}

fn run(program: &str, words: &[&str], at: &Path) -> Result<(), Failed> {
    let mut command = Command::new(program);
    let done = command.args(words).arg(at).stderr(Stdio::null()).status()?;
    if done.success() {
        return Ok(());
    }
    Err(Failed(format!("could not {program} {}: {done}", at.display())))
}
