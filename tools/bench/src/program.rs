//! The program as it is delivered, on a data folder of this run's own.

use std::{
    env, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    pin::pin,
    process::{self, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::{process::Command, select, time::interval};

use crate::{Failed, machine::kib, round::count};

/// The root of the workspace.
pub(crate) const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// How often it is looked at the program's memory. The kernel keeps its peak, so that only what is
/// taken between the last look and the end goes unseen.
const LOOK: Duration = Duration::from_millis(1);

/// The same of the server, which has many processes and no peak of all of them.
const LOOK_AT_SERVER: Duration = Duration::from_millis(10);

/// What would lead the program elsewhere.
const SETTINGS: [&str; 9] = [
    "DATABASE_URL",
    "SOCLE_APP_URL",
    "SOCLE_CONFIG",
    "SOCLE_DATA",
    "SOCLE_FAILPOINT",
    "SOCLE_LOG",
    "SOCLE_OTLP_ENDPOINT",
    "SOCLE_TENANT",
    "SOCLE_TRACED",
];

/// `socle`, serving in the background until this is dropped; its folder goes with it.
pub(crate) struct Program {
    path: PathBuf,
    data: PathBuf,
    served: Served,
}

/// What is served.
#[derive(Debug, Clone)]
pub(crate) struct Served {
    /// Where it speaks HTTP.
    pub(crate) address: SocketAddr,
    /// Its database, as the superuser reaches it.
    pub(crate) database_url: String,
    pub(crate) pid: u32,
}

/// What a command came to.
pub(crate) struct Answer {
    pub(crate) json: Value,
    pub(crate) seconds: f64,
    pub(crate) peak: Memory,
}

/// The most that was taken while a command ran.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) program_mib: f64,
    /// Of all the server's processes together, without the buffers that they share.
    pub(crate) server_mib: f64,
}

impl Program {
    /// Builds it where it is missing or older than its sources, and starts it on an empty folder.
    pub(crate) async fn start() -> Result<Self, Failed> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.current_dir(ROOT).args(["build", "--release", "--package", "socle"]);
        if !build.stdin(Stdio::null()).kill_on_drop(true).status().await?.success() {
            return Err(Failed::because("the program does not build"));
        }
        let here = env::current_exe()?;
        let builds = here.ancestors().nth(2).expect("cargo puts programs two folders down");
        let path = builds.join("release/socle");
        let data = env::temp_dir().join(format!("socle-bench-{}-program", process::id()));
        let mut program = Self { path, data, served: Served::nothing() };
        program.served = Served::of(&program.ask(&["serve", "--detach"]).await?.json)?;
        Ok(program)
    }

    /// Where it is served.
    pub(crate) fn served(&self) -> &Served {
        &self.served
    }

    /// Its data folder.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// Runs one command to its end.
    pub(crate) async fn ask(&self, words: &[&str]) -> Result<Answer, Failed> {
        let mut command = Command::from(self.command(words));
        let start = Instant::now();
        let child = command.stdin(Stdio::null()).kill_on_drop(true).spawn()?;
        let id = child.id().expect("nobody has waited for it");
        let (mut looks, mut server_looks) = (interval(LOOK), interval(LOOK_AT_SERVER));
        let mut peak = Memory::default();
        let mut ended = pin!(child.wait_with_output());
        let output = loop {
            select! {
                output = &mut ended => break output?,
                _ = looks.tick() => peak.look(id),
                _ = server_looks.tick() => peak.look_at_server(&self.data),
            }
        };
        let seconds = start.elapsed().as_secs_f64();
        let said = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr);
            return Err(Failed(format!("socle {}: {said}{why}", words.join(" "))));
        }
        let json = serde_json::from_str(said.lines().last().unwrap_or_default())?;
        Ok(Answer { json, seconds, peak })
    }

    fn command(&self, words: &[&str]) -> process::Command {
        let mut command = process::Command::new(&self.path);
        for name in SETTINGS {
            command.env_remove(name);
        }
        // Whatever else listens on this machine.
        command.env("SOCLE_LISTEN", "127.0.0.1:0");
        command.arg("--data").arg(&self.data).arg("--json").args(words);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

impl Served {
    /// As long as it has not said.
    fn nothing() -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        Self { address, database_url: String::new(), pid: 0 }
    }

    fn of(told: &Value) -> Result<Self, Failed> {
        let text = |name: &str| told[name].as_str().unwrap_or_default();
        let address = text("url").trim_start_matches("http://").parse()?;
        let pid = u32::try_from(told["pid"].as_u64().unwrap_or_default())?;
        Ok(Self { address, database_url: text("database_url").to_owned(), pid })
    }
}

impl Memory {
    fn look(&mut self, program: u32) {
        self.program_mib = self.program_mib.max(mib(&program.to_string(), "VmHWM"));
    }

    fn look_at_server(&mut self, data: &Path) {
        // Processes come and go while they are counted: one that is gone takes nothing.
        let read = |path: String| fs::read_to_string(path).unwrap_or_default();
        let started = read(format!("{}/pg/postmaster.pid", data.display()));
        let first = started.lines().next().unwrap_or_default();
        let others = read(format!("/proc/{first}/task/{first}/children"));
        let server = others.split_whitespace().map(|id| mib(id, "RssAnon")).sum();
        self.server_mib = self.server_mib.max(server);
    }
}

fn mib(process: &str, name: &str) -> f64 {
    count(kib(&format!("/proc/{process}/status"), name)) / 1_024.0
}

/// Not asynchronous: it ends after a failure and an interruption, too.
impl Drop for Program {
    fn drop(&mut self) {
        let stopped = self.command(&["stop"]).output();
        if !stopped.is_ok_and(|it| it.status.success()) {
            eprintln!("bench: `socle stop` failed on {}", self.data.display());
        }
        if self.data.exists()
            && let Err(error) = fs::remove_dir_all(&self.data)
        {
            eprintln!("bench: could not remove {}: {error}", self.data.display());
        }
    }
}
