//! The cluster: `pg` in the data folder, made whole or not at all.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    process::Stdio,
};

use super::{
    Error, Folder, Settings, binaries::Binaries, conf::INCLUDE, error::On, failure, locks::Owner,
    site::Site, sql::ADMIN,
};

/// Runs `initdb` with the owner's lock on a third descriptor: should this process end, nobody
/// clears the unfinished cluster away while `initdb` still writes to it.
const INITDB: &str = r#"exec 3>&1 >&2; exec "$@""#;

/// The major version that made a folder's cluster, if there is one.
pub(super) fn made_by(folder: &Folder) -> Result<Option<u32>, Error> {
    let cluster = folder.cluster();
    let path = cluster.join("PG_VERSION");
    match fs::read_to_string(&path) {
        // Before version 10 there were two numbers; the first says enough.
        Ok(text) => match text.trim().split('.').next().unwrap_or_default().parse() {
            Ok(major) => Ok(Some(major)),
            Err(_) => Err(Error::Taken { path }),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => match cluster.symlink_metadata() {
            Ok(_) => Err(Error::Taken { path: cluster }),
            Err(_) => Ok(None),
        },
        Err(error) => Err(error).on("read", &path),
    }
}

/// Creates the cluster under a name of this installation's own, and then gives it its place.
pub(super) async fn create(
    site: &Site,
    owner: &Owner,
    binaries: &Binaries,
    settings: &Settings,
) -> Result<(), Error> {
    let unfinished = site.installation.unfinished_cluster(&site.folder);
    remove(&unfinished)?;
    site.user.create_folder(&unfinished)?;
    let made = run_initdb(site, owner, binaries, settings).await.and_then(|()| {
        let conf = unfinished.join("postgresql.conf");
        let file = OpenOptions::new().append(true).open(&conf);
        let written = file.and_then(|mut file| {
            file.write_all(INCLUDE.as_bytes())?;
            file.sync_all()
        });
        written.on("write", &conf)?;
        let cluster = site.folder.cluster();
        fs::rename(&unfinished, &cluster).on("put in place", &cluster)
    });
    if made.is_err() {
        // Already failing: the first error is the one to tell, and the next start removes again.
        let _ = remove(&unfinished);
    }
    made
}

async fn run_initdb(
    site: &Site,
    owner: &Owner,
    binaries: &Binaries,
    settings: &Settings,
) -> Result<(), Error> {
    let program = binaries.initdb();
    let mut command = site.user.command("/bin/sh");
    command.args(["-c", INITDB, "socle-initdb"]).arg(&program);
    command.arg("-D").arg(site.installation.unfinished_cluster(&site.folder));
    command.args(["--data-checksums", "-E", "UTF8", "-U", ADMIN, "-A", "trust"]);
    command.arg("--no-instructions").args(locale(binaries.major));
    if settings.conf.iter().any(|(name, value)| name == "fsync" && value == "off") {
        command.arg("--no-sync");
    }
    command.stdout(owner.share(&site.folder)?).stderr(Stdio::piped());
    let child = command.spawn().on("run", &program)?;
    let output = child.wait_with_output().await.on("wait for", &program)?;
    if output.status.success() {
        return Ok(());
    }
    Err(failure::of_initdb(&site.folder, &String::from_utf8_lossy(&output.stderr)))
}

/// Text sorts by code point, the same on every machine and after every update of its libraries.
fn locale(major: u32) -> &'static [&'static str] {
    match major {
        ..=16 => &["--locale=C.UTF-8"],
        17.. => &["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
    }
}

fn remove(unfinished: &std::path::Path) -> Result<(), Error> {
    match fs::remove_dir_all(unfinished) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error).on("remove", unfinished),
        _ => Ok(()),
    }
}
