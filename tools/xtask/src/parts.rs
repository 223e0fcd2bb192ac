//! The parts of the system that the build and the tests need. What is missing is installed where
//! that is allowed, and named with the command that installs it where it is not.
//!
//! The C compiler is not among them: without it this program could not have been linked.

pub mod debian;
pub mod peers;
pub mod postgres;
pub mod prometheus;
pub mod schemathesis;

use std::process::Command;

use crate::{
    Failure,
    step::{run, step, succeeds},
    tree::{cargo, root},
};

/// rustfmt and clippy, of the toolchain that the workspace pins.
pub fn ensure_components() -> Result<(), Failure> {
    let missing: Vec<_> = [("rustfmt", "fmt"), ("clippy", "clippy")]
        .into_iter()
        .filter(|(_, command)| !succeeds(&mut cargo(&[command, "--version"])))
        .map(|(component, _)| component)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    step(&format!("parts: add {} to the toolchain", missing.join(" and ")), || {
        let mut rustup = Command::new("rustup");
        rustup.current_dir(root()).args(["component", "add"]).args(&missing);
        run(&mut rustup, "install rustup, or these components by your system's package manager")
    })
}

/// A PostgreSQL server that Socle can supervise.
pub fn ensure_postgres() -> Result<(), Failure> {
    if let Some(server) = postgres::find(postgres::folders()) {
        eprintln!("==> parts: PostgreSQL {} in {}", server.major, server.folder.display());
        return Ok(());
    }
    step("parts: install the PostgreSQL server", debian::install_postgres)?;
    match postgres::find(postgres::folders()) {
        Some(_) => Ok(()),
        None => Err(Failure::new(
            format!("the package brought no PostgreSQL {} or newer", postgres::MAJOR_OLDEST),
            "install one from apt.postgresql.org, or put its `bin` folder on PATH",
        )),
    }
}
