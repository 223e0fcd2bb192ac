//! Prometheus and promtool from Debian's package, unpacked and not installed: an installation would
//! start a service of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Failure,
    step::{run, step},
    tree::root,
};

/// The folder of both programs, for the tests that look for them.
pub const VARIABLE: &str = "SOCLE_PROMETHEUS_BIN";

/// Brings both programs into the target folder unless they are there or [`VARIABLE`] names them.
pub fn ensure_prometheus() -> Result<(), Failure> {
    let configured = std::env::var_os(VARIABLE).map(PathBuf::from);
    let folder = root().join("target/parts/prometheus");
    let programs = configured.clone().unwrap_or_else(|| folder.join("usr/bin"));
    if has_both(&programs) {
        eprintln!("==> parts: Prometheus in {}", programs.display());
        return Ok(());
    }
    if configured.is_some() {
        let what = format!("no `prometheus` and `promtool` in {}", programs.display());
        return Err(Failure::new(what, format!("correct {VARIABLE} or unset it")));
    }
    step("parts: unpack Prometheus", || unpack(&folder))?;
    if has_both(&programs) {
        return Ok(());
    }
    Err(Failure::new(
        "Debian's package brought no `prometheus` and `promtool`",
        format!("unpack a release of Prometheus and name its folder in {VARIABLE}"),
    ))
}

fn has_both(folder: &Path) -> bool {
    ["prometheus", "promtool"].iter().all(|it| folder.join(it).is_file())
}

fn unpack(folder: &Path) -> Result<(), Failure> {
    let next = format!(
        "`apt-get update`, then try again; elsewhere than on Debian unpack a release of \
         Prometheus and name its folder in {VARIABLE}"
    );
    fs::create_dir_all(folder).map_err(|error| {
        Failure::new(format!("could not make {}: {error}", folder.display()), &next)
    })?;
    let mut download = Command::new("apt-get");
    run(download.current_dir(folder).args(["--quiet", "download", "prometheus"]), &next)?;
    let package = package_in(folder)
        .ok_or_else(|| Failure::new("apt-get said it downloaded Prometheus and did not", &next))?;
    let mut unpack = Command::new("dpkg");
    run(unpack.arg("--extract").arg(&package).arg(folder), &next)?;
    // 19 MB that nobody needs any more.
    let _ = fs::remove_file(package);
    Ok(())
}

fn package_in(folder: &Path) -> Option<PathBuf> {
    let files = fs::read_dir(folder).ok()?.flatten().map(|it| it.path());
    files.into_iter().find(|it| it.extension().is_some_and(|it| it == "deb"))
}
