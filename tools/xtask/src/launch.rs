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
    first_key(&program, options)?;
    say_how_to_go_on(&program, options);
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
    ask(program, options, &["status", "--json"]).contains("\"running\":true")
}

/// A key for the demo's merchant, unless there is one: its text is shown here and kept nowhere.
fn first_key(program: &Path, options: &[String]) -> Result<(), Failure> {
    let keys = ask(program, options, &["key", "list", "--json"]);
    if !keys.contains("\"keys\":[]") {
        eprintln!(
            "==> key: one was issued before; `{} key issue NAME` makes another",
            typed(program)
        );
        return Ok(());
    }
    step("key: the first one of the demo's merchant; keep it, it is shown this once", || {
        run_command(
            Command::new(program).args(options).args(["key", "issue", "first"]),
            &format!("`{} doctor` looks for what is wrong", typed(program)),
        )
    })
}

/// What a command says on its standard output; nothing where it fails.
fn ask(program: &Path, options: &[String], words: &[&str]) -> String {
    let mut command = Command::new(program);
    command.args(options).args(words).stdin(Stdio::null()).stderr(Stdio::null());
    let said = command.output().map(|it| it.stdout).unwrap_or_default();
    String::from_utf8_lossy(&said).into_owned()
}

/// The demo has said what to try; this says where, and how to end.
fn say_how_to_go_on(program: &Path, options: &[String]) {
    let socle = [&[typed(program)], options].concat().join(" ");
    let status = ask(program, options, &["status", "--json"]);
    let url = status.split("\"url\":\"").nth(1).and_then(|it| it.split('"').next());
    let url = url.unwrap_or("the address that `status` tells");
    eprintln!(
        "\nSocle is running at {url}: open it in a browser, or with the key from above:\n  \
         curl -H \"Authorization: Bearer $SOCLE_KEY\" '{url}/v1/ledger/balance?customer=demo-alice'\n\
         `{socle} stop` ends it, the data stays."
    );
}
