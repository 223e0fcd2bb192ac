//! Where things are: the workspace, cargo, and what cargo built.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use crate::Failure;

/// The build whose binary is meant.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    Dev,
    Release,
}

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.join("../..").canonicalize().expect("xtask lies two folders below the root")
}

/// Cargo, in the root of the workspace, as the cargo that started this program.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(arguments);
    command
}

/// The `socle` program of a build, found beside this one, wherever the target folder is.
pub(crate) fn socle(profile: Profile) -> Result<PathBuf, Failure> {
    let here = env::current_exe().map_err(|error| {
        Failure::new(format!("could not find the target folder: {error}"), "is /proc mounted?")
    })?;
    let builds = here.ancestors().nth(2).expect("cargo puts programs two folders down");
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release => "release",
    };
    Ok(builds.join(folder).join("socle"))
}

/// The program as a person in the root of the workspace would type it.
pub(crate) fn typed(program: &Path) -> String {
    let name = program.file_name().map_or(program, Path::new);
    program.strip_prefix(root()).unwrap_or(name).display().to_string()
}
