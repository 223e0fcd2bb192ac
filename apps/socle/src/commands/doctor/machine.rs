//! The machine: is there room, and is the time plausible.

use std::time::Duration;

use socle_db::server::Folder;

use super::Finding;
use crate::clock;

const MIB: u64 = 1 << 20;

/// PostgreSQL keeps up to 2 GiB of its log before a checkpoint; below this it may stop.
const FREE_BAD: u64 = 256 * MIB;
const FREE_WARN: u64 = 3 * 1024 * MIB;

/// A clock before this was never set: 2026-01-01, in microseconds since 1970.
const EARLIEST: i64 = 1_767_225_600_000_000;

/// Room on the file system of the data folder, or of the nearest folder that exists.
pub(super) fn disk(folder: &Folder) -> Finding {
    let about = "disk";
    let place = folder.path().ancestors().find(|it| it.exists()).unwrap_or(folder.path());
    let space = match rustix::fs::statvfs(place) {
        Ok(space) => space,
        Err(error) => {
            let found = format!("could not look at {}: {error}", place.display());
            return Finding::bad(about, found, "choose a folder that you may read");
        }
    };
    let free = space.f_bavail * space.f_frsize;
    let found = format!("{} MiB free for {}", free / MIB, folder.path().display());
    let next = "make room, or choose another data folder with --data";
    match free {
        ..FREE_BAD => Finding::bad(about, found, next),
        FREE_BAD..FREE_WARN => Finding::warn(about, found, next),
        _ => Finding::ok(about, found),
    }
}

/// Whether the clock was set, and whether it goes forwards.
pub(super) fn clock() -> Finding {
    let about = "clock";
    let first = clock::now();
    std::thread::sleep(Duration::from_millis(2));
    let second = clock::now();
    let found = format!("it is {second}");
    if second <= first {
        let next = "something sets the clock back: let one service (NTP) keep it";
        return Finding::bad(about, found, next);
    }
    if second.micros() < EARLIEST {
        return Finding::bad(about, found, "set the clock, then keep it with NTP");
    }
    Finding::ok(about, found)
}
