//! A data folder of its own for one visit, and the end of it, whichever way the visit goes.

use std::{
    env, fs,
    path::PathBuf,
    process::{self, Command, Stdio},
};

use super::answer::Answer;
use crate::{Failure, step::line, tree::root};

/// What would lead the program away from its fresh folder.
const SETTINGS: [&str; 3] = ["DATABASE_URL", "SOCLE_DATA", "SOCLE_TENANT"];

/// A running Socle on a temporary folder.
pub(super) struct Visit {
    program: PathBuf,
    folder: PathBuf,
    is_running: bool,
}

impl Visit {
    /// Names the folder and leaves its creation to the program, as for any newcomer.
    pub(super) fn begin(program: PathBuf) -> Result<Self, Failure> {
        let folder = env::temp_dir().join(format!("socle-smoke-{}", process::id()));
        if folder.exists() {
            let what = format!("{} is there already", folder.display());
            return Err(Failure::new(what, "remove what an earlier run left behind"));
        }
        Ok(Self { program, folder, is_running: false })
    }

    /// Starts the server, and says where it listens.
    pub(super) fn serve(&mut self) -> Result<String, Failure> {
        self.is_running = true;
        self.ask(&["serve", "--detach"])?.text("url")
    }

    /// Runs a command with `--json`, which must succeed and answer.
    pub(super) fn ask(&self, arguments: &[&str]) -> Result<Answer, Failure> {
        let mut command = self.command(arguments);
        command.arg("--json");
        let line = line(&command);
        eprintln!("    $ {line}");
        let output = command.stderr(Stdio::inherit()).output().map_err(|error| {
            Failure::new(format!("could not start `{line}`: {error}"), "was it built?")
        })?;
        let text = String::from_utf8_lossy(&output.stdout);
        let object = text.lines().last().unwrap_or_default().to_owned();
        if output.status.success() {
            return Ok(Answer { command: line, object });
        }
        let what = format!("`{line}` ended with {} and answered: {object}", output.status);
        Err(Failure::new(what, "try it by hand on a folder of your own"))
    }

    /// Stops the server, and makes sure that it has gone.
    pub(super) fn end(mut self) -> Result<(), Failure> {
        self.ask(&["stop"])?;
        self.is_running = false;
        self.ask(&["status"])?.says("running", "false")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(root()).stdin(Stdio::null());
        command.arg("--data").arg(&self.folder).args(arguments);
        for name in SETTINGS {
            command.env_remove(name);
        }
        // Whatever else listens on this machine.
        command.env("SOCLE_LISTEN", "127.0.0.1:0");
        command
    }
}

impl Drop for Visit {
    /// Best effort: the failure that led here is what the person must see.
    fn drop(&mut self) {
        if self.is_running {
            let _ = self.command(&["stop"]).stdout(Stdio::null()).status();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}
