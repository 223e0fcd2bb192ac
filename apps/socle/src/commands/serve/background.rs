//! `socle serve --detach`: this program again, in the background.
//!
//! The child tells on its standard output that it is ready, or what it failed with; what it logs
//! until then is passed on. From then on it logs to a file and holds nothing of the caller's:
//! whoever waits for the caller's output waits for the caller only.

use std::{
    env,
    io::{self, Write},
    pin::pin,
    process::Stdio,
};

use futures_util::future::{Either, select};
use serde_json::Value;
use socle_db::server::Folder;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::{Child, ChildStderr, ChildStdout, Command},
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
    let mut child = spawn(&folder, settings).map_err(|error| {
        let why = format!("could not start this program again: {error}");
        Failure::new(Exit::Internal, why, format!("`{}` stays in front", socle("serve")))
    })?;
    let output = child.stdout.take().expect("standard output is a pipe");
    let errors = child.stderr.take().expect("standard error is a pipe");
    let object = match select(pin!(first_line(output)), pin!(pass_on(errors))).await {
        Either::Left((Some(object), _)) => object,
        Either::Left((None, errors)) => {
            errors.await;
            Value::Null
        }
        Either::Right(((), output)) => output.await.unwrap_or_default(),
    };
    if object["ready"] != true {
        return Err(refusal(&object));
    }
    let text = format!(
        "serving {} from {} in the background, process {}\n`{}` ends it",
        object["url"].as_str().unwrap_or_default(),
        folder.path().display(),
        object["pid"],
        socle("stop")
    );
    Ok(Answer::new(&object, text))
}

fn spawn(folder: &Folder, settings: &Settings) -> io::Result<Child> {
    let mut command = Command::new(env::current_exe()?);
    command.arg("--data").arg(folder.path());
    for (flag, set) in [("--config", &settings.config), ("--listen", &settings.listen)] {
        command.args(set.value.iter().flat_map(|it| [flag, it]));
    }
    command.args(["serve", "--detached"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn()
}

async fn first_line(output: ChildStdout) -> Option<Value> {
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).await.ok()?;
    serde_json::from_str(&line).ok()
}

async fn pass_on(mut errors: ChildStderr) {
    let mut part = [0; 4096];
    while let Ok(1..) = errors.read(&mut part).await.inspect(|&bytes| {
        // Nobody is left to be told that standard error is closed.
        let _ = io::stderr().lock().write_all(&part[..bytes]);
    }) {}
}

/// What the child failed with, as its own words tell it.
fn refusal(told: &Value) -> Failure {
    let exit = told["exit_code"].as_u64().map_or(Exit::Internal, Exit::of_code);
    let why = told["error"].as_str().unwrap_or("the background process ended without a word");
    let next = told["next"].as_str().unwrap_or("try `serve` without --detach");
    Failure::new(exit, why, next)
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
