//! A Redis of a peer's own, reached over a socket in a temporary folder.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{self, Stdio},
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    time::Duration,
};

use tokio::{
    net::UnixStream,
    process::{Child, Command},
    time::{Instant, sleep},
};

use super::PARTS;
use crate::{Failed, program::ROOT};

/// As the guide to production of `BullMQ` has it: the log is on the disk after a second at most.
const CONF: [&str; 12] = [
    "--port",
    "0",
    "--save",
    "",
    "--appendonly",
    "yes",
    "--appendfsync",
    "everysec",
    "--maxmemory-policy",
    "noeviction",
    "--loglevel",
    "warning",
];

const PATIENCE: Duration = Duration::from_secs(10);

/// The server, which ends with this.
pub(super) struct Redis {
    folder: PathBuf,
    server: Child,
}

impl Redis {
    pub(super) fn is_there() -> bool {
        program().exists()
    }

    pub(super) async fn start() -> Result<Self, Failed> {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let name = format!("socle-bench-{}-redis-{}", process::id(), STARTED.fetch_add(1, Relaxed));
        let folder = env::temp_dir().join(name);
        fs::create_dir_all(&folder)?;
        let mut command = Command::new(program());
        command.env("LD_LIBRARY_PATH", libraries()).args(CONF).arg("--dir").arg(&folder);
        command.arg("--unixsocket").arg(folder.join("socket"));
        let server = command.stdout(Stdio::null()).kill_on_drop(true).spawn()?;
        let it = Self { folder, server };
        let begun = Instant::now();
        while UnixStream::connect(it.socket()).await.is_err() {
            if PATIENCE < begun.elapsed() {
                return Err(Failed::because("Redis does not start"));
            }
            sleep(Duration::from_millis(10)).await;
        }
        Ok(it)
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.folder.join("socket")
    }
}

/// Not asynchronous: it ends after a failure and an interruption, too.
impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.server.start_kill();
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("bench: could not remove {}: {error}", self.folder.display());
        }
    }
}

fn parts() -> PathBuf {
    Path::new(ROOT).join(PARTS).join("redis")
}

fn program() -> PathBuf {
    parts().join("usr/bin/redis-server")
}

/// Where Debian has the libraries, below the folder that the packages were unpacked into.
fn libraries() -> PathBuf {
    parts().join(format!("usr/lib/{}-linux-gnu", env::consts::ARCH))
}
