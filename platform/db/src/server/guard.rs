//! The guard: a small process that outlives its owner just long enough to stop the server.
//!
//! It holds one end of a pipe and reads. Nothing is ever written: the read ends when the owner
//! does, be it by `kill -9`. Then it asks the server for a fast shutdown and waits.

use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt, process::Stdio};

use tokio::process::{Child, ChildStdin, Command};

use super::{
    Error, Folder, binaries::Binaries, error::On, locks::Owner, postmaster::Postmaster,
    process::Process, site::Site, socket::SocketFolder, wait::Wait,
};

const RUN: &str = include_str!("guard/run.sh");
const ADOPT: &str = include_str!("guard/adopt.sh");

/// A guard and this process's end of its pipe.
#[derive(Debug)]
pub(super) struct Guard {
    child: Child,
    pipe: ChildStdin,
}

impl Guard {
    /// Starts a server under a new guard.
    pub(super) fn run(
        site: &Site,
        owner: &Owner,
        binaries: &Binaries,
        socket: &SocketFolder,
    ) -> Result<Self, Error> {
        let mut command = shell(site, RUN);
        command.arg(if socket.is_apart { socket.path.as_os_str() } else { "".as_ref() });
        command.arg(binaries.postgres()).arg("-D").arg(site.folder.cluster());
        Self::spawn(command, &site.folder, owner)
    }

    /// Sets a new guard over a server that has lost its own.
    pub(super) fn adopt(site: &Site, owner: &Owner, server: &Postmaster) -> Result<Self, Error> {
        let is_apart = server.socket != site.folder.run();
        let mut command = shell(site, ADOPT);
        command.arg(server.process.pid.to_string());
        command.arg(if is_apart { server.socket.as_os_str() } else { "".as_ref() });
        command.current_dir(site.folder.cluster());
        Self::spawn(command, &site.folder, owner)
    }

    fn spawn(mut command: Command, folder: &Folder, owner: &Owner) -> Result<Self, Error> {
        let path = folder.start_log();
        let mut log = OpenOptions::new();
        let log = log.write(true).create(true).truncate(true).mode(0o600).open(&path);
        command.stdin(Stdio::piped()).stdout(owner.share(folder)?).stderr(log.on("open", &path)?);
        let mut child = command.spawn().on("start a guard for", folder.path())?;
        let pipe = child.stdin.take().expect("standard input is a pipe");
        Ok(Self { child, pipe })
    }

    /// Whether the server has ended by itself.
    pub(super) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Stops the server and waits for its end.
    pub(super) async fn stop(mut self, folder: &Folder, server: Process) -> Result<(), Error> {
        drop(self.pipe);
        let mut wait = Wait::for_end();
        while server.is_alive() || !matches!(self.child.try_wait(), Ok(Some(_))) {
            wait.pause().await.map_err(|seconds| Error::NotStopping {
                folder: folder.path().into(),
                seconds,
                who: format!("process {}", server.pid),
            })?;
        }
        Ok(())
    }
}

fn shell(site: &Site, script: &str) -> Command {
    let mut command = site.user.command("/bin/sh");
    command.args(["-c", script, "socle-guard"]);
    command
}
