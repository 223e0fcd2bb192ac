//! A step: work that says what it does and how long it took. All of it goes to standard error.

use std::{
    ffi::OsStr,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use crate::{Failure, tree::typed};

/// Does `work` between a line that announces it and a line with its duration.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    eprintln!("==> {what}");
    let start = Instant::now();

    let outcome = work();

    let verdict = if outcome.is_ok() { "done" } else { "failed" };
    eprintln!("    {verdict} in {:.1} s: {what}", start.elapsed().as_secs_f64());
    outcome
}

/// Runs a command with its output in view; `next` is what to do when it does not succeed.
///
/// Standard input is closed, so that nothing waits for an answer that will not come.
pub(crate) fn run(command: &mut Command, next: &str) -> Result<(), Failure> {
    let line = line(command);
    eprintln!("    $ {line}");
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|error| Failure::new(format!("could not start `{line}`: {error}"), next))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("`{line}` ended with {status}"), next))
}

/// Whether a command exists and succeeds; its output is thrown away.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The command as a person would type it, near enough to read.
pub(crate) fn line(command: &Command) -> String {
    let arguments = command.get_args().map(OsStr::to_string_lossy);
    let program = typed(Path::new(command.get_program()));
    [program.into()].into_iter().chain(arguments).collect::<Vec<_>>().join(" ")
}
