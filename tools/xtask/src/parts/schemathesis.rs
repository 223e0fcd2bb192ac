//! schemathesis, which calls every route with data that fits its description and with data that
//! does not; in a Python environment of its own below the target folder.

use std::{fs, path::PathBuf, process::Command};

use crate::{
    Failure,
    step::{run, step, succeeds},
    tree::root,
};

const VERSION: &str = "4.32.5";

/// The program, installed unless it is there in this version.
pub fn ensure_schemathesis() -> Result<PathBuf, Failure> {
    let folder = root().join("target/parts/schemathesis").join(VERSION);
    let program = folder.join("bin/st");
    if succeeds(Command::new(&program).arg("--version")) {
        eprintln!("==> parts: schemathesis {VERSION} in {}", folder.display());
        return Ok(program);
    }
    step("parts: install schemathesis", || {
        // Half an environment, of an attempt that failed.
        let _ = fs::remove_dir_all(&folder);
        let mut make = Command::new("python3");
        run(make.args(["-m", "venv"]).arg(&folder), "`apt-get install python3-venv`")?;
        let mut install = Command::new(folder.join("bin/pip"));
        let package = format!("schemathesis=={VERSION}");
        install.args(["install", "--quiet", "--disable-pip-version-check", &package]);
        run(&mut install, "is the package index reachable?")
    })?;
    Ok(program)
}
