//! Who runs the server: this user, or as root an unprivileged one, since PostgreSQL refuses root.

use std::{
    env,
    ffi::OsStr,
    fs,
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, MetadataExt, chown},
    },
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::process::Command;

use super::{Error, Folder, error::On, installation::beside};

const UNPRIVILEGED: [&str; 3] = ["socle", "postgres", "nobody"];
/// Prints the first of the folders that exists and cannot be entered.
const FIND_CLOSED: &str = r#"for folder; do
    cd -P "$folder" 2>/dev/null && continue
    [ -e "$folder" ] && printf %s "$folder"
    exit
done"#;

/// The user whom the server's processes and files belong to.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) uid: u32,
    gid: u32,
    is_other: bool,
}

impl User {
    /// Who runs, or would run, the server of a folder.
    pub(super) fn of(folder: &Folder) -> Result<Self, Error> {
        let cluster = folder.cluster();
        let owner = cluster.symlink_metadata().ok().map(|about| (about.uid(), about.gid()));
        let me = rustix::process::geteuid();
        if me.is_root() {
            return Self::for_root(&cluster, owner);
        }
        let user = Self::named(me.as_raw(), rustix::process::getegid().as_raw(), false);
        match owner {
            Some((uid, _)) if uid != user.uid => {
                Err(Error::Foreign { path: cluster, owner: uid, user: user.name })
            }
            _ => Ok(user),
        }
    }

    fn for_root(cluster: &Path, owner: Option<(u32, u32)>) -> Result<Self, Error> {
        if let Some((uid, gid)) = owner {
            return match uid {
                0 => Err(Error::Foreign { path: cluster.into(), owner: 0, user: "root".into() }),
                _ => Ok(Self::named(uid, gid, true)),
            };
        }
        let find = |name| accounts().into_iter().find(|user| user.name == name && user.uid != 0);
        UNPRIVILEGED
            .into_iter()
            .find_map(find)
            .ok_or_else(|| Error::NoUser { looked: UNPRIVILEGED.join(", ") })
    }

    fn named(uid: u32, gid: u32, is_other: bool) -> Self {
        let known = accounts().into_iter().find(|user| user.uid == uid);
        let name = known.map_or_else(|| uid.to_string(), |user| user.name);
        Self { name, uid, gid, is_other }
    }

    /// A program run by this user, with nothing of this process's environment but the path, in a
    /// group of its own: what the terminal sends to this process does not reach it.
    pub(super) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut path = env::var_os("PATH").unwrap_or_default();
        path.push(":/usr/bin:/bin");
        let mut command = Command::new(program);
        command.env_clear().env("PATH", path).env("LC_ALL", "C");
        command.current_dir("/").process_group(0).stdin(Stdio::null());
        if self.is_other {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Hands over a path that this process has just created.
    pub(super) fn give(&self, path: &Path) -> Result<(), Error> {
        if !self.is_other {
            return Ok(());
        }
        chown(path, Some(self.uid), Some(self.gid)).on("hand over", path)
    }

    /// A folder of this user's with mode 0700, created where it is missing.
    pub(super) fn create_folder(&self, path: &Path) -> Result<(), Error> {
        match path.symlink_metadata() {
            Ok(about) if !about.is_dir() || about.mode() & 0o077 != 0 => {
                return Err(Error::Taken { path: path.into() });
            }
            Ok(about) if about.uid() != self.uid => {
                let (path, user) = (path.into(), self.name.clone());
                return Err(Error::Foreign { path, owner: about.uid(), user });
            }
            Ok(_) => return Ok(()),
            Err(_) => {}
        }
        let unfinished = beside(path)?;
        fs::DirBuilder::new().mode(0o700).create(&unfinished).on("create", path)?;
        self.give(&unfinished)?;
        fs::rename(&unfinished, path).on("put in place", path)
    }

    /// Refuses a path on whose way a folder is closed to this user. What does not exist yet is
    /// no obstacle.
    pub(super) async fn check_way_to(&self, path: &Path) -> Result<(), Error> {
        let mut way: Vec<&Path> = path.ancestors().collect();
        way.reverse();
        let mut command = self.command("/bin/sh");
        command.args(["-c", FIND_CLOSED, "sh"]).args(way);
        let output = command.output().await.on("look for the way to", path)?;
        if output.stdout.is_empty() {
            return Ok(());
        }
        let component = PathBuf::from(OsStr::from_bytes(&output.stdout));
        Err(Error::Unreachable { user: self.name.clone(), component, path: path.into() })
    }
}

/// The machine's own accounts; those of a directory service cannot run a server.
fn accounts() -> Vec<User> {
    let text = fs::read("/etc/passwd").unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    text.lines().filter_map(account).collect()
}

fn account(line: &str) -> Option<User> {
    let mut fields = line.split(':');
    let name = fields.next()?.to_owned();
    let (uid, gid) = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(User { name, uid, gid, is_other: true })
}
