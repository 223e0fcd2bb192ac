//! Prometheus and promtool from Debian's package, unpacked and not installed: an installation would
//! start a service of its own.

use std::path::{Path, PathBuf};

use super::debian;
use crate::{Failure, step::step, tree::root};

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
    debian::unpack(&["prometheus"], folder, &next)
}
