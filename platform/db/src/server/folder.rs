//! The data folder: where everything of an installation lies.

use std::{
    env,
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf, absolute},
};

use super::{Error, error::On};

/// A data folder: an absolute path that PostgreSQL's files can hold. It need not exist yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at a path, made absolute.
    pub fn try_new(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = absolute(path.as_ref()).on("find the way to", path.as_ref())?;
        // What cannot be looked at may be one; whoever wants to read there is told.
        if path.symlink_metadata().is_ok() && !path.is_dir() {
            return Err(Error::NotAFolder { path });
        }
        match path.to_str() {
            Some(text) if !text.chars().any(char::is_control) => Ok(Self(path)),
            _ => Err(Error::Unwritable { path }),
        }
    }

    /// Where the data of this machine or user lies: `$STATE_DIRECTORY`, `/var/lib/socle` for
    /// root, else `$XDG_DATA_HOME/socle` or `~/.local/share/socle`.
    pub fn of_this_user() -> Result<Self, Error> {
        let named = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(folders) = named("STATE_DIRECTORY") {
            let first = env::split_paths(&folders).next();
            return Self::try_new(first.unwrap_or(folders));
        }
        if rustix::process::geteuid().is_root() {
            return Self::try_new("/var/lib/socle");
        }
        let data = named("XDG_DATA_HOME").filter(|path| path.is_absolute());
        let home = || env::home_dir().unwrap_or_default().join(".local/share");
        Self::try_new(data.unwrap_or_else(home).join("socle"))
    }

    /// The path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Whether an installation was begun here: before that there is nothing to look at.
    #[must_use]
    pub fn is_installed(&self) -> bool {
        self.installation().exists()
    }

    /// Creates what is missing of the way. What exists keeps its owner and its mode.
    pub(super) fn create(&self) -> Result<(), Error> {
        // The server's user must pass through what root creates, and nobody else need enter.
        let mode = if rustix::process::geteuid().is_root() { 0o711 } else { 0o700 };
        let missing: Vec<_> = self.0.ancestors().take_while(|path| !path.exists()).collect();
        for path in missing.into_iter().rev() {
            fs::create_dir(path).on("create", path)?;
            fs::set_permissions(path, Permissions::from_mode(mode)).on("set the mode of", path)?;
        }
        Ok(())
    }

    pub(super) fn cluster(&self) -> PathBuf {
        self.0.join("pg")
    }

    pub(super) fn conf(&self) -> PathBuf {
        self.0.join("socle.conf")
    }

    pub(super) fn installation(&self) -> PathBuf {
        self.0.join("installation")
    }

    /// The server's log, rotated by itself.
    pub(super) fn log(&self) -> PathBuf {
        self.0.join("log")
    }

    pub(super) fn owner_lock(&self) -> PathBuf {
        self.0.join("owner.lock")
    }

    pub(super) fn run(&self) -> PathBuf {
        self.0.join("run")
    }

    /// What the server says before its log is open.
    pub(super) fn start_log(&self) -> PathBuf {
        self.0.join("start.log")
    }

    pub(super) fn users_lock(&self) -> PathBuf {
        self.0.join("users.lock")
    }
}
