//! `socle serve --detach`: this program again, in the background.
//!
//! The child tells on its standard output that it is ready; what it says until then on standard
//! error is passed on. From then on it logs to a file and holds nothing of the caller's: whoever
//! waits for the caller's output waits for the caller only.

use std::{
    env,
    io::{self, Write},
    process::Stdio,
};

use serde_json::Value;
use socle_db::server::Folder;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::{Child, ChildStderr, Command},
};

use crate::{
    answer::Answer,
    failure::{Exit, Failure},
    logs,
    prompt::socle,
    settings::Settings,
};

/// Where a background server logs, in the data folder.
const LOG: &str = "serve.log";

/// Starts it, and waits until it is ready or has failed.
pub(super) async fn start(settings: &Settings) -> Result<Answer, Failure> {
    let folder = settings.folder()?.value;
    let mut child = spawn(&folder).map_err(|error| {
        let why = format!("could not start this program again: {error}");
        Failure::new(Exit::Internal, why, format!("`{}` stays in front", socle("serve")))
    })?;
    let output = child.stdout.take().expect("standard output is a pipe");
    let errors = child.stderr.take().expect("standard error is a pipe");
    let mut first = String::new();
    let mut output = BufReader::new(output);
    let ready = tokio::select! {
        biased;
        read = output.read_line(&mut first) => read.is_ok_and(|bytes| 0 < bytes),
        () = pass_on(errors) => output.read_line(&mut first).await.is_ok_and(|bytes| 0 < bytes),
    };
    match serde_json::from_str::<Value>(&first) {
        Ok(object) if ready => {
            let pid = child.id().unwrap_or_default();
            let text = format!(
                "serving the database of {} in the background, process {pid}; no HTTP yet\n\
                 `{}` ends it",
                folder.path().display(),
                socle("stop")
            );
            Ok(Answer::new(&object, text))
        }
        _ => Err(refusal(child).await),
    }
}

fn spawn(folder: &Folder) -> io::Result<Child> {
    let mut command = Command::new(env::current_exe()?);
    command.arg("--data").arg(folder.path()).args(["serve", "--detached"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn()
}

async fn pass_on(mut errors: ChildStderr) {
    let mut part = [0; 4096];
    while let Ok(1..) = errors.read(&mut part).await.inspect(|&bytes| {
        // Nobody is left to be told that standard error is closed.
        let _ = io::stderr().lock().write_all(&part[..bytes]);
    }) {}
}

async fn refusal(mut child: Child) -> Failure {
    let exit = match child.wait().await.ok().and_then(|it| it.code()) {
        Some(4) => Exit::Unavailable,
        Some(3) => Exit::Missing,
        _ => Exit::Internal,
    };
    Failure::new(exit, "the server did not start", "do what it said above")
}

/// Begins a session of its own, so that the terminal's signals stay with the terminal.
pub(super) fn leave_the_terminal() {
    if let Err(error) = rustix::process::setsid() {
        tracing::warn!(%error, "could not leave the terminal");
    }
}

/// Lets go of the caller's standard error.
pub(super) fn log_to(folder: &Folder) -> Result<(), Failure> {
    let path = folder.path().join(LOG);
    logs::continue_in(&path).map_err(|error| {
        let why = format!("could not write {}: {error}", path.display());
        Failure::new(Exit::Unavailable, why, "see that the data folder can be written")
    })
}
