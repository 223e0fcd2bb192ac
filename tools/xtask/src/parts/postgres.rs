//! The server programs of PostgreSQL: where they are looked for, and which are new enough.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The oldest major version whose SQL Socle speaks.
pub const MAJOR_OLDEST: u32 = 15;

/// A folder that holds `initdb` and `postgres`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    pub folder: PathBuf,
    pub major: u32,
}

/// The first folder with both programs in a version that is new enough.
pub fn find(folders: impl IntoIterator<Item = PathBuf>) -> Option<Server> {
    folders.into_iter().find_map(|folder| {
        let major = has_both(&folder).then(|| ask(&folder)).flatten()?;
        (MAJOR_OLDEST <= major).then_some(Server { folder, major })
    })
}

/// Where servers are found, in the order in which Socle itself looks.
#[must_use]
pub fn folders() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<_> = configured().into_iter().collect();
    folders.extend(env::split_paths(&path));
    folders.extend(packaged(Path::new("/usr/lib/postgresql")));
    folders
}

/// The major version in what `postgres --version` prints, `postgres (PostgreSQL) 15.18 (…)`.
#[must_use]
pub fn major(version: &str) -> Option<u32> {
    let number = version.strip_prefix("postgres (PostgreSQL) ")?;
    let digits = number.split(|it: char| !it.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// The folders `<version>/bin` of Debian's packages, the newest version first.
#[must_use]
pub fn packaged(root: &Path) -> Vec<PathBuf> {
    let mut versions: Vec<u32> = fs::read_dir(root)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    versions.sort_unstable_by(|one, other| other.cmp(one));
    versions.into_iter().map(|it| root.join(it.to_string()).join("bin")).collect()
}

fn configured() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let folder = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(folder.trim()))
}

fn has_both(folder: &Path) -> bool {
    ["initdb", "postgres"].iter().all(|program| folder.join(program).is_file())
}

fn ask(folder: &Path) -> Option<u32> {
    let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    major(&String::from_utf8(output.stdout).ok()?)
}
