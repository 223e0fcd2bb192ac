//! The supervised server, on real processes, disks and users.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod actor;
mod scratch;

mod crash;
mod disk;
mod lifecycle;
mod orphan;
mod owner;
mod place;
mod user;

use std::{fs, thread, time::Duration};

use socle_db::server::{Server, Settings};
use sqlx::{Connection, PgConnection};

/// For tests that kill nothing.
fn fast() -> Settings {
    Settings { binaries: None, conf: vec![("fsync".into(), "off".into())] }
}

async fn connect(server: &Server) -> PgConnection {
    PgConnection::connect_with(&server.admin("postgres")).await.unwrap()
}

fn is_alive(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Waits for what another process is about to do.
fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..3_000 {
        if is_so() {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("in vain: {what}");
}
