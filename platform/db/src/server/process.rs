//! Processes of this machine, told apart from later ones with the same number.

use std::{fs, os::unix::fs::MetadataExt, path::Path};

use rustix::{
    io::Errno,
    process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal},
};

/// A process: a number alone is used again, the number and the start together are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Process {
    pub(super) pid: u32,
    /// In ticks since the machine started.
    pub(super) started: u64,
}

impl Process {
    /// The process that runs this code.
    pub(super) fn this() -> Self {
        Self::of(std::process::id()).expect("this process runs, and /proc is mounted on Linux")
    }

    /// The process that now has a number, unless it has ended and only waits to be reaped.
    pub(super) fn of(pid: u32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
        let state = fields.next()?;
        let started = fields.nth(18)?.parse().ok()?;
        (!matches!(state, "Z" | "X")).then_some(Self { pid, started })
    }

    pub(super) fn is_alive(self) -> bool {
        Self::of(self.pid) == Some(self)
    }

    /// Sends a signal to this very process; `false` if it has ended.
    pub(super) fn signal(self, signal: Signal) -> Result<bool, Errno> {
        let Some(pid) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) else {
            return Ok(false);
        };
        let handle = match pidfd_open(pid, PidfdFlags::empty()) {
            Err(Errno::SRCH) => return Ok(false),
            other => other?,
        };
        // From here on the handle means one process; is it still the one that was meant?
        if !self.is_alive() {
            return Ok(false);
        }
        match pidfd_send_signal(handle, signal) {
            Err(Errno::SRCH) => Ok(false),
            other => other.map(|()| true),
        }
    }

    /// Whether this is a PostgreSQL process of a cluster: they all work in its folder.
    pub(super) fn serves(self, cluster: &Path) -> bool {
        let name = fs::read_to_string(format!("/proc/{}/comm", self.pid)).unwrap_or_default();
        let place = |path: &Path| fs::metadata(path).map(|about| (about.dev(), about.ino())).ok();
        let works_in = place(Path::new(&format!("/proc/{}/cwd", self.pid)));
        name.trim_end() == "postgres" && works_in.is_some() && works_in == place(cluster)
    }
}

/// Every PostgreSQL process of a cluster.
pub(super) fn serving(cluster: &Path) -> Vec<Process> {
    let entries = fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter_map(Process::of).filter(|process| process.serves(cluster)).collect()
}
