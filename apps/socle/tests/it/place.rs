//! A data folder of a test's own, and the program on it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::Value;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// What would lead the program elsewhere.
const SETTINGS: [&str; 8] = [
    "DATABASE_URL",
    "SOCLE_APP_URL",
    "SOCLE_DATA",
    "SOCLE_FAILPOINT",
    "SOCLE_LISTEN",
    "SOCLE_LOG",
    "SOCLE_PG_BIN",
    "SOCLE_TENANT",
];

/// The real purchases.
pub(crate) fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/data/cdnow_sample.txt")
}

/// A folder that does not exist until the program makes it.
pub(crate) struct Place {
    root: PathBuf,
    pub(crate) variables: Vec<(&'static str, String)>,
}

/// What a command said.
#[derive(Debug)]
pub(crate) struct Reply {
    /// `None`: it was killed.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = Path::new("/tmp").join(format!("socle-cli-{}-{number}", process::id()));
        fs::create_dir(&root).unwrap();
        Self { root, variables: Vec::new() }
    }

    /// With the demo in it.
    pub(crate) fn with_demo() -> Self {
        let place = Self::new();
        place.ask(&["demo"]);
        place
    }

    /// With the demo in it, and a server in the background.
    pub(crate) fn served() -> Self {
        let place = Self::new();
        place.ask(&["serve", "--detach"]);
        place.ask(&["demo"]);
        place
    }

    /// Starts a server in the background, and says where it listens.
    pub(crate) fn serve(&self) -> String {
        self.ask(&["serve", "--detach"])["url"].as_str().unwrap().to_owned()
    }

    /// The text of a key that is issued to `tenant`.
    pub(crate) fn key(&self, tenant: &str, arguments: &[&str]) -> String {
        let issued = self.ask(&[&["--tenant", tenant, "key", "issue"], arguments].concat());
        issued["secret"].as_str().unwrap().to_owned()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    /// Writes a file beside the data folder.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.root.join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_socle"));
        for name in SETTINGS {
            command.env_remove(name);
        }
        // Any port that is free: several of them serve at once.
        command.env("SOCLE_LISTEN", "127.0.0.1:0");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.arg("--data").arg(self.data()).args(arguments).stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Reply {
        Reply::of(&mut self.command(arguments))
    }

    /// Runs a command that must succeed, with `--json`.
    pub(crate) fn ask(&self, arguments: &[&str]) -> Value {
        let reply = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(reply.code, Some(0), "{arguments:?}: {reply:?}");
        reply.object()
    }

    /// Runs SQL as the administrator, through `psql` and the URL that `status` tells.
    pub(crate) fn psql(&self, sql: &str) -> String {
        let url = self.ask(&["status"])["database_url"].as_str().unwrap().to_owned();
        let output = Command::new("psql").args([&url, "-XAtqc", sql]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }
}

impl Reply {
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The object on the last line.
    pub(crate) fn object(&self) -> Value {
        let last = self.stdout.lines().last().unwrap_or_else(|| panic!("no answer: {self:?}"));
        serde_json::from_str(last).unwrap()
    }

    /// Fails unless it ended with `code` and said `words` on standard error.
    #[track_caller]
    pub(crate) fn refused(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:?}");
        for word in words {
            assert!(self.stderr.contains(word), "no {word:?} in {self:?}");
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.variables.clear();
        let _ = self.command(&["stop"]).output();
        let _ = fs::remove_dir_all(&self.root);
    }
}
