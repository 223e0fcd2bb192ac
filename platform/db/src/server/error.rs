//! What can go wrong with a private server. Every message says what happened and what to do.

use std::{io, path::PathBuf};

/// A refusal or a failure of the supervised server.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No folder with `postgres` and `initdb` was found.
    #[error(
        "found no PostgreSQL server; looked in {looked}. Install one (Debian, Ubuntu: \
         `apt-get install postgresql`, package `postgresql-15` or later), or name the folder \
         of its programs"
    )]
    NoBinaries {
        /// The places, in the order of the search.
        looked: String,
    },
    /// The newest server found is below the floor.
    #[error(
        "PostgreSQL {found} in {folder} is too old, 15 is the oldest that works; install a \
         newer one (Debian, Ubuntu: package `postgresql-15` or later)"
    )]
    TooOld {
        /// The version found.
        found: u32,
        /// Where it was found.
        folder: PathBuf,
    },
    /// The data folder was made by another major version.
    #[error(
        "{folder} was made by PostgreSQL {made_by}, but the server found is {found} (in \
         {binaries}); install PostgreSQL {made_by} or name the folder of its programs, or \
         bring the folder up with `pg_upgrade`"
    )]
    OtherVersion {
        /// The cluster's folder.
        folder: PathBuf,
        /// The major version that made it.
        made_by: u32,
        /// The major version found.
        found: u32,
        /// Where it was found.
        binaries: PathBuf,
    },
    /// Something stands where the installation wants to put its own.
    #[error(
        "{path} exists and does not belong to this installation; choose another data folder, or \
         move it away"
    )]
    Taken {
        /// What is in the way.
        path: PathBuf,
    },
    /// A part of the installation belongs to a user who cannot run the server here.
    #[error(
        "{path} belongs to user {owner}, so that {user} cannot run its server; run this as the \
         user it belongs to, or choose another data folder"
    )]
    Foreign {
        /// The path that belongs to somebody else.
        path: PathBuf,
        /// Its user id.
        owner: u32,
        /// Who would run the server.
        user: String,
    },
    /// There is no unprivileged user to run the server as.
    #[error(
        "PostgreSQL refuses to run as root, and there is none of the users {looked}; create \
         one: `useradd --system socle`"
    )]
    NoUser {
        /// The names that were tried.
        looked: String,
    },
    /// The server's user cannot enter a folder on the way.
    #[error(
        "user {user}, who runs the server, cannot enter {component} on the way to {path}; allow \
         it (`chmod o+x {component}`) or choose a folder elsewhere"
    )]
    Unreachable {
        /// Who runs the server.
        user: String,
        /// The folder that cannot be entered.
        component: PathBuf,
        /// Where the way leads.
        path: PathBuf,
    },
    /// The data folder's path leads to something else.
    #[error("{path} is neither a folder nor a link to one; choose another data folder")]
    NotAFolder {
        /// What is there.
        path: PathBuf,
    },
    /// The path cannot be written into PostgreSQL's files.
    #[error("{path:?} cannot hold a server: the path must be UTF-8 without control characters")]
    Unwritable {
        /// The path as given.
        path: PathBuf,
    },
    /// No folder short enough for the socket.
    #[error(
        "the socket path {path} has {bytes} bytes, 107 is the limit; choose a shorter data \
         folder, or set TMPDIR to a shorter one"
    )]
    SocketPath {
        /// The shortest path that was found.
        path: PathBuf,
        /// Its length.
        bytes: usize,
    },
    /// A setting's name is not one.
    #[error("`{name}` is not the name of a PostgreSQL setting")]
    Setting {
        /// The name as given.
        name: String,
    },
    /// Another living process runs the server of this folder.
    #[error(
        "process {pid} already runs the server of {folder}; stop it (`socle stop`), or choose \
         another data folder"
    )]
    Owned {
        /// The data folder.
        folder: PathBuf,
        /// Its owner.
        pid: u32,
    },
    /// A server answers that does not carry this installation's nonce.
    #[error(
        "the server with process id {pid} answers at {socket}, but it is not the one of this \
         installation; it is left alone. Stop it yourself, or choose another data folder"
    )]
    Stranger {
        /// Its process id.
        pid: u32,
        /// The folder of its socket.
        socket: PathBuf,
    },
    /// No room left.
    #[error(
        "the disk of {folder} is full ({free_mib} MiB free; a quota or a limit on file sizes \
         counts too); make room and start again, nothing is lost. The server said: {said}"
    )]
    DiskFull {
        /// The data folder.
        folder: PathBuf,
        /// What is left on its file system.
        free_mib: u64,
        /// What the server or the system said.
        said: String,
    },
    /// `initdb` failed.
    #[error("`initdb` could not create the database in {folder}. It said: {said}")]
    Initdb {
        /// The data folder.
        folder: PathBuf,
        /// Its own words.
        said: String,
    },
    /// The server ended before it was ready.
    #[error("the server of {folder} did not start. It said: {said}\nIts log is in {folder}/log")]
    Start {
        /// The data folder.
        folder: PathBuf,
        /// Its own words.
        said: String,
    },
    /// The server, or the process that starts it, is not ready in time.
    #[error(
        "the server of {folder} is not ready after {seconds} s; its log is in {folder}/log. A \
         long recovery after a crash is finished by waiting, not by killing"
    )]
    NotReady {
        /// The data folder.
        folder: PathBuf,
        /// How long it was waited for.
        seconds: u64,
    },
    /// The server does not end.
    #[error(
        "the server of {folder} still runs {seconds} s after it was told to stop ({who}); see \
         {folder}/log, and stop it again: a large checkpoint takes its time"
    )]
    NotStopping {
        /// The data folder.
        folder: PathBuf,
        /// How long it was waited for.
        seconds: u64,
        /// Which processes are left.
        who: String,
    },
    /// The file system refused.
    #[error("could not {doing} {path}: {source}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The server answered with an error of its own.
    #[error("could not ask the server at {socket} who it is: {source}")]
    Sql {
        /// The folder of its socket.
        socket: PathBuf,
        /// Why not.
        source: sqlx::Error,
    },
}

/// Names the path and the intent of a failed call of the system.
pub(super) trait On<T> {
    fn on(self, doing: &'static str, path: &std::path::Path) -> Result<T, Error>;
}

impl<T, E: Into<io::Error>> On<T> for Result<T, E> {
    fn on(self, doing: &'static str, path: &std::path::Path) -> Result<T, Error> {
        self.map_err(|error| super::failure::of_system(doing, path, error.into()))
    }
}
