//! The server process, as `postmaster.pid` tells of it. The file outlives a crash, so that what
//! it says is believed only of a process that works in the cluster's folder.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    Error, Folder,
    error::On,
    process::{Process, serving},
    sql::PORT,
    wait::Wait,
};

/// A running server process.
#[derive(Debug, Clone)]
pub(super) struct Postmaster {
    pub(super) process: Process,
    /// The folder of its socket.
    pub(super) socket: PathBuf,
    pub(super) is_ready: bool,
}

impl Postmaster {
    /// The server that runs on a folder's cluster.
    pub(super) fn running(folder: &Folder) -> Option<Self> {
        let text = fs::read_to_string(folder.cluster().join("postmaster.pid")).ok()?;
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        let process = Process::of(lines.first()?.parse().ok()?)?;
        let socket = lines.get(4).map(PathBuf::from).unwrap_or_default();
        let is_ready = lines.get(7) == Some(&"ready");
        process.serves(&folder.cluster()).then_some(Self { process, socket, is_ready })
    }
}

/// Removes what a crash has left and PostgreSQL would stumble over: files that name a process
/// whose number now belongs to some other, or that nobody has reaped. The caller owns the folder,
/// and no server runs.
///
/// Survivors of the crash are waited for first: a new server beside an old backend destroys data.
pub(super) async fn clear(folder: &Folder, socket: &Path) -> Result<(), Error> {
    let cluster = folder.cluster();
    let mut wait = Wait::for_end();
    loop {
        let survivors: Vec<_> = serving(&cluster).iter().map(|process| process.pid).collect();
        if survivors.is_empty() {
            break;
        }
        wait.pause().await.map_err(|seconds| Error::NotStopping {
            folder: folder.path().into(),
            seconds,
            who: format!("the crashed server left processes {survivors:?}"),
        })?;
    }
    remove_stale(&cluster.join("postmaster.pid"))?;
    remove_stale(&socket.join(format!(".s.PGSQL.{PORT}.lock")))
}

/// PostgreSQL looks itself after a file whose number nobody has.
fn remove_stale(path: &Path) -> Result<(), Error> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let named = text.lines().next().unwrap_or_default().trim();
    if named.parse::<u32>().is_ok() && Path::new("/proc").join(named).exists() {
        fs::remove_file(path).on("remove the stale", path)?;
    }
    Ok(())
}
