//! From a fresh clone to a running Socle with its demo in it.

use std::{
    env,
    path::Path,
    process::{Command, Stdio},
};

use crate::{
    Failure, parts,
    step::{run as run_command, step},
    tree::{Profile, cargo, socle, typed},
};

/// Builds, starts in the background, loads the demo, and says what to try.
///
/// `options` go before every command of `socle`, so that all of them mean the same data folder.
pub fn run(options: &[String]) -> Result<(), Failure> {
    if env::var_os("DATABASE_URL").is_none() {
        parts::ensure_postgres()?;
    }
    step("build: the release program; the first time takes minutes", || {
        let mut build = cargo(&["build", "--release", "--package", "socle"]);
        run_command(&mut build, "the compiler's first error is the one to read")
    })?;
    let program = socle(Profile::Release)?;
    start(&program, options)?;
    step("demo: a merchant, a programme and customers to look at", || {
        run_command(
            Command::new(&program).args(options).arg("demo"),
            &format!("`{} doctor` looks for what is wrong", typed(&program)),
        )
    })?;
    say_how_to_end(&program, options);
    Ok(())
}

/// A server that runs already stays: it may be in use, and its data folder admits only one.
fn start(program: &Path, options: &[String]) -> Result<(), Failure> {
    let path = typed(program);
    if is_running(program, options) {
        eprintln!("==> serve: already running; `{path} stop` and run again for this build");
        return Ok(());
    }
    step("serve: Socle and its PostgreSQL, in the background", || {
        run_command(
            Command::new(program).args(options).args(["serve", "--detach"]),
            &format!("`{path} doctor` looks for what is wrong"),
        )
    })
}

fn is_running(program: &Path, options: &[String]) -> bool {
    Command::new(program)
        .args(options)
        .args(["status", "--json"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|answer| String::from_utf8_lossy(&answer.stdout).contains("\"running\":true"))
}

/// The demo has said what to try; this says how to end.
fn say_how_to_end(program: &Path, options: &[String]) {
    let socle = [&[typed(program)], options].concat().join(" ");
    eprintln!(
        "\nSocle is running. `{socle} status` says where; `{socle} stop` ends it, the data stays."
    );
}
