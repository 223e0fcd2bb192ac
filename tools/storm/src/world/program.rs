//! One of the two programs: started, killed, paused, woken.

use std::{
    fs::{self, OpenOptions},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::{Arc, Mutex as Told},
};

use serde_json::Value;
use tokio::{
    process::Command,
    time::{Instant, sleep},
};

use super::{LOOK, PATIENCE, process::Process};
use crate::{Failed, load::Request};

/// What would lead the program elsewhere.
const SETTINGS: [&str; 8] = [
    "SOCLE_APP_URL",
    "SOCLE_CONFIG",
    "SOCLE_DATA",
    "SOCLE_FAILPOINT",
    "SOCLE_LOG",
    "SOCLE_OTLP_ENDPOINT",
    "SOCLE_TENANT",
    "SOCLE_TRACED",
];

/// Where a program can be called; nowhere while it is down.
pub(crate) type Door = Arc<Told<Option<SocketAddr>>>;

/// `socle serve`, on a data folder of its own and the database of both.
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    data: PathBuf,
    url: String,
    process: Process,
    door: Door,
}

impl Program {
    pub(crate) fn new(path: &Path, data: PathBuf, url: String) -> Self {
        let (process, door) = (Process::default(), Door::default());
        Self { path: path.to_owned(), data, url, process, door }
    }

    pub(crate) fn door(&self) -> Door {
        Arc::clone(&self.door)
    }

    /// Starts it where it does not run, as often as it takes: like whatever supervises it.
    pub(crate) async fn start(&self) -> Result<(), Failed> {
        let give_up = Instant::now() + PATIENCE;
        loop {
            let (pid, _held) = self.process.run(|| self.command()).await?;
            if let Some(address) = self.address(pid)
                && Request::get("/ready", "").send(address).await.is_ok_and(|it| it.status == 200)
            {
                *self.door.lock().expect("nobody panics with it") = Some(address);
                return Ok(());
            }
            if give_up < Instant::now() {
                let log = self.log();
                return Err(Failed(format!("a program did not come up: see {}", log.display())));
            }
            sleep(LOOK).await;
        }
    }

    pub(crate) async fn kill(&self) -> Result<(), Failed> {
        *self.door.lock().expect("nobody panics with it") = None;
        self.process.kill().await
    }

    /// Lets it stand still. Its socket goes on taking connections, as that of a hung process does.
    pub(crate) async fn pause(&self) -> Result<(), Failed> {
        self.process.pause().await
    }

    pub(crate) async fn wake(&self) -> Result<(), Failed> {
        self.process.wake().await
    }

    pub(super) async fn ended_by_itself(&self) -> Result<Option<ExitStatus>, Failed> {
        self.process.ended_by_itself().await
    }

    fn command(&self) -> Result<Command, Failed> {
        fs::create_dir_all(&self.data)?;
        let log = OpenOptions::new().create(true).append(true).open(self.log())?;
        let mut command = command(&self.path, &self.data, &self.url);
        command.env("SOCLE_LISTEN", "127.0.0.1:0").arg("serve");
        command.stdout(Stdio::null()).stderr(log);
        Ok(command)
    }

    /// Where the process says that it listens.
    fn address(&self, pid: u32) -> Option<SocketAddr> {
        let text = fs::read_to_string(self.data.join("serve.json")).ok()?;
        let told: Value = serde_json::from_str(&text).ok()?;
        let is_it = told["pid"].as_u64() == Some(pid.into());
        told["url"].as_str()?.strip_prefix("http://")?.parse().ok().filter(|_| is_it)
    }

    fn log(&self) -> PathBuf {
        self.data.join("log")
    }
}

/// The program on a data folder and a database.
pub(crate) fn command(path: &Path, data: &Path, url: &str) -> Command {
    let mut command = Command::new(path);
    for name in SETTINGS {
        command.env_remove(name);
    }
    command.env("DATABASE_URL", url).arg("--data").arg(data).stdin(Stdio::null());
    command
}
