//! Reads why a server failed: out of its own words, and out of what is left on the disk.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{Error, Folder};

const FULL: [&str; 3] = ["No space left on device", "Disk quota exceeded", "File too large"];
/// One segment of the write-ahead log: with less than that no server starts.
const NEEDED_MIB: u64 = 16;
const SAID_BYTES_MAX: usize = 4_000;

/// A failed call of the system, told apart from a full disk.
pub(super) fn of_system(doing: &'static str, path: &Path, source: io::Error) -> Error {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    if !matches!(source.kind(), StorageFull | QuotaExceeded | FileTooLarge) {
        return Error::Io { doing, path: path.to_owned(), source };
    }
    let folder = path.parent().unwrap_or(path).to_owned();
    Error::DiskFull {
        free_mib: free_mib(&folder),
        folder,
        said: format!("could not {doing} {}: {source}", path.display()),
    }
}

/// A failed `initdb`, with its own words.
pub(super) fn of_initdb(folder: &Folder, said: &str) -> Error {
    let said = tail(said);
    full(folder, &said).unwrap_or(Error::Initdb { folder: folder.path().to_owned(), said })
}

/// A server that ended before it was ready.
pub(super) fn of_start(folder: &Folder) -> Error {
    let mut said = fs::read_to_string(folder.start_log()).unwrap_or_default();
    said.push_str(&logged_since_start(&folder.log()));
    let said = tail(&said);
    full(folder, &said).unwrap_or(Error::Start { folder: folder.path().to_owned(), said })
}

fn full(folder: &Folder, said: &str) -> Option<Error> {
    let free_mib = free_mib(folder.path());
    let is_full = free_mib < NEEDED_MIB || FULL.iter().any(|words| said.contains(words));
    let folder = folder.path().to_owned();
    is_full.then(|| Error::DiskFull { folder, free_mib, said: said.to_owned() })
}

fn free_mib(path: &Path) -> u64 {
    let Ok(disk) = rustix::fs::statvfs(path) else { return u64::MAX };
    disk.f_bavail.saturating_mul(disk.f_frsize) / (1024 * 1024)
}

fn logged_since_start(log: &Path) -> String {
    let newest = newest_file(log).and_then(|path| fs::read(path).ok()).unwrap_or_default();
    let text = String::from_utf8_lossy(&newest);
    let since = text.rsplit_once("starting PostgreSQL").map_or("", |(_, since)| since);
    let grave = |line: &&str| ["ERROR:", "FATAL:", "PANIC:"].iter().any(|word| line.contains(word));
    since.lines().filter(grave).collect::<Vec<_>>().join("\n")
}

fn newest_file(folder: &Path) -> Option<PathBuf> {
    let files = fs::read_dir(folder).ok()?.filter_map(Result::ok);
    let newest = files.max_by_key(|file| file.metadata().and_then(|about| about.modified()).ok());
    newest.map(|file| file.path())
}

fn tail(said: &str) -> String {
    let said = said.trim();
    let start = said.len().saturating_sub(SAID_BYTES_MAX);
    let start = (start..=said.len()).find(|&at| said.is_char_boundary(at)).unwrap_or(0);
    said[start..].to_owned()
}
