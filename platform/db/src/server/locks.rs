//! Who runs the server of a folder, and who else uses it: two locked files.
//!
//! `owner.lock` is held by the owner *and by its guard*: it is free only when nobody is left who
//! could still stop the server. `users.lock` is shared by those who joined.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::Write,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
    process::Stdio,
};

use super::{Error, Folder, error::On, process::Process, wait};

/// What stands between a process and the ownership of a folder.
#[derive(Debug)]
pub(super) enum Claim {
    /// Nothing: it is the owner now.
    Mine(Owner),
    /// A living owner.
    Other(Process),
    /// An owner that has ended or is ending, and a guard that is about to stop the server.
    Ending,
}

/// The ownership of a folder.
#[derive(Debug)]
pub(super) struct Owner(File);

impl Owner {
    /// Asks for the ownership, without waiting.
    pub(super) fn claim(folder: &Folder) -> Result<Claim, Error> {
        let path = folder.owner_lock();
        let file = open(&path)?;
        match file.try_lock() {
            Ok(()) => return Ok(Claim::Mine(Self(file))),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error).on("lock", &path),
        }
        let record = fs::read_to_string(&path).on("read", &path)?;
        Ok(read(&record).filter(|owner| owner.is_alive()).map_or(Claim::Ending, Claim::Other))
    }

    /// Asks for the ownership until nobody is just ending.
    pub(super) async fn claim_settled(folder: &Folder) -> Result<Claim, Error> {
        let mut wait = wait::Wait::for_end();
        loop {
            let claim = Self::claim(folder)?;
            if !matches!(claim, Claim::Ending) {
                return Ok(claim);
            }
            wait.pause().await.map_err(|seconds| Error::NotStopping {
                folder: folder.path().into(),
                seconds,
                who: format!("{} is still locked", folder.owner_lock().display()),
            })?;
        }
    }

    /// Says who the owner is, for those who find the lock taken.
    pub(super) fn sign(&mut self, folder: &Folder) -> Result<(), Error> {
        let this = Process::this();
        let path = folder.owner_lock();
        self.0.set_len(0).on("empty", &path)?;
        self.0.write_all(format!("{} {}\n", this.pid, this.started).as_bytes()).on("write", &path)
    }

    /// The lock as the standard output of a guard, which holds it from then on as well.
    pub(super) fn share(&self, folder: &Folder) -> Result<Stdio, Error> {
        self.0.try_clone().map(Stdio::from).on("share", &folder.owner_lock())
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // Whoever finds the lock taken from now on sees that it is about to be free.
        let _ = self.0.set_len(0);
    }
}

/// The right to use a server that another process owns.
#[derive(Debug)]
pub(super) struct Guest(#[expect(dead_code, reason = "held for its lock")] File);

impl Guest {
    /// `None` while the owner keeps users out, because it stops the server.
    pub(super) fn enter(folder: &Folder) -> Result<Option<Self>, Error> {
        let path = folder.users_lock();
        let file = open(&path)?;
        match file.try_lock_shared() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error).on("lock", &path),
        }
    }
}

/// The assurance that nobody else uses the server, nor will.
#[derive(Debug)]
pub(super) struct Alone(#[expect(dead_code, reason = "held for its lock")] File);

impl Alone {
    /// Waits until every user has left.
    pub(super) async fn wait(folder: &Folder) -> Result<Self, Error> {
        let path = folder.users_lock();
        let file = open(&path)?;
        let mut told = 0;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error).on("lock", &path),
            }
            let users = count_users(&file);
            if users != told {
                tracing::info!(users, "waiting for {users} others who use the database");
                told = users;
            }
            wait::pause().await;
        }
    }
}

fn open(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true).mode(0o600);
    options.open(path).on("open", path)
}

fn read(record: &str) -> Option<Process> {
    let (pid, started) = record.trim_end().split_once(' ')?;
    Some(Process { pid: pid.parse().ok()?, started: started.parse().ok()? })
}

/// The kernel's own list names the inode of each lock; 0 where it is hidden.
fn count_users(file: &File) -> usize {
    let Ok(about) = file.metadata() else { return 0 };
    let locks = fs::read_to_string("/proc/locks").unwrap_or_default();
    let inode = format!(":{} ", about.ino());
    let is_user = |line: &&str| line.contains(" FLOCK ") && line.contains(&inode);
    locks.lines().filter(is_user).count()
}
