//! PostgreSQL from Debian's packages, as root. It starts no server: Socle supervises its own, and
//! Debian's would take memory, a port and the name `main` from whoever wants them later.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Failure, step::run};

/// What Debian's scripts read before they create a cluster on installation.
const CLUSTER_SETTINGS: &str = "/etc/postgresql-common/createcluster.conf";

/// The same installation, for a person to type.
const TYPED: &str = "sudo apt-get update && \
                     sudo apt-get install --no-install-recommends postgresql";

/// Installs the server package; says what to type where this process may not.
pub fn install_postgres() -> Result<(), Failure> {
    if !Path::new("/usr/bin/apt-get").exists() {
        return Err(missing(
            "install your system's PostgreSQL server, 15 or newer; then try again",
        ));
    }
    if !is_root() {
        return Err(missing(TYPED));
    }
    apt(&["update"])?;
    if !Path::new(CLUSTER_SETTINGS).exists() {
        install("postgresql-common")?;
        forbid_main_cluster()?;
    }
    install("postgresql")
}

fn missing(next: &str) -> Failure {
    Failure::new("no PostgreSQL server programs (`initdb`, `postgres`) on this machine", next)
}

/// Unpacks packages into a folder, without installing them: no service is started, nothing of the
/// system changes.
pub fn unpack(packages: &[&str], folder: &Path, next: &str) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| {
        Failure::new(format!("could not make {}: {error}", folder.display()), next)
    })?;
    let mut download = Command::new("apt-get");
    download.current_dir(folder).args(["--quiet", "download"]).args(packages);
    run(&mut download, next)?;
    for package in packages_in(folder) {
        let mut unpack = Command::new("dpkg");
        run(unpack.arg("--extract").arg(&package).arg(folder), next)?;
        // Megabytes that nobody needs any more.
        let _ = fs::remove_file(package);
    }
    Ok(())
}

fn packages_in(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path());
    files.filter(|it| it.extension().is_some_and(|it| it == "deb")).collect()
}

/// Who owns this process, asked of the kernel, because the standard library has no word for it.
fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// Only ever after we brought the file ourselves: settings that were there are their owner's.
fn forbid_main_cluster() -> Result<(), Failure> {
    let appended = OpenOptions::new()
        .append(true)
        .open(CLUSTER_SETTINGS)
        .and_then(|mut file| file.write_all(b"\ncreate_main_cluster = false\n"));
    appended.map_err(|error| {
        Failure::new(format!("could not write {CLUSTER_SETTINGS}: {error}"), TYPED)
    })
}

fn install(package: &str) -> Result<(), Failure> {
    apt(&["install", "--yes", "--no-install-recommends", package])
}

fn apt(arguments: &[&str]) -> Result<(), Failure> {
    let mut command = Command::new("apt-get");
    command.arg("--quiet").args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    run(&mut command, "is the package mirror reachable? `apt-get update` by hand tells more")
}
