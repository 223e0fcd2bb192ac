//! Golden files, rewritten by the tests that compare them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    Failure,
    step::{run as run_command, step},
    tree::{cargo, root},
};

/// Runs the tests of `packages`, or of all that keep golden files, with `SOCLE_BLESS=1`.
pub fn run(packages: &[String]) -> Result<(), Failure> {
    let packages = if packages.is_empty() { keepers(&root()) } else { packages.to_vec() };
    if packages.is_empty() {
        return Err(Failure::new(
            "no package keeps golden files (a folder named `golden`)",
            "name the package: `cargo xtask bless PACKAGE`",
        ));
    }
    step(&format!("bless: the golden files of {}", packages.join(", ")), || {
        let mut command = cargo(&["test", "--no-fail-fast", "--tests"]);
        for package in &packages {
            command.args(["--package", package]);
        }
        run_command(
            command.env("SOCLE_BLESS", "1"),
            "a test fails for another reason than its file",
        )
    })?;
    eprintln!("\nRead what changed before you commit it: git diff -- '*golden*'");
    Ok(())
}

/// The packages below `root` that have a folder `golden` anywhere in them, by name.
#[must_use]
pub fn keepers(root: &Path) -> Vec<String> {
    let tiers = ["platform", "contracts", "modules", "apps", "tools"];
    let mut names: Vec<_> = tiers
        .iter()
        .flat_map(|tier| manifests(&root.join(tier)))
        .filter(|manifest| manifest.parent().is_some_and(has_golden))
        .filter_map(|manifest| name(&manifest))
        .collect();
    names.sort_unstable();
    names
}

fn manifests(folder: &Path) -> Vec<PathBuf> {
    let manifest = folder.join("Cargo.toml");
    if manifest.is_file() {
        return vec![manifest];
    }
    subfolders(folder).iter().flat_map(|it| manifests(it)).collect()
}

fn has_golden(folder: &Path) -> bool {
    folder.ends_with("golden") || subfolders(folder).iter().any(|it| has_golden(it))
}

fn subfolders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

fn name(manifest: &Path) -> Option<String> {
    let text = fs::read_to_string(manifest).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("name = \""))?;
    line.strip_suffix('"').map(str::to_owned)
}
