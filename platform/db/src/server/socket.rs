//! The folder of the socket: in the data folder, or where a path is short enough.

use std::{
    env,
    path::{Path, PathBuf},
};

use super::{Error, site::Site, sql::PORT};

/// `sun_path` has 108 bytes, the last of which is zero.
const PATH_BYTES_MAX: usize = 107;

/// A folder for the socket.
#[derive(Debug)]
pub(super) struct SocketFolder {
    pub(super) path: PathBuf,
    /// Outside the data folder, to be removed when the server has ended.
    pub(super) is_apart: bool,
}

impl SocketFolder {
    /// Finds the folder, and creates it where it is missing.
    pub(super) async fn open(site: &Site) -> Result<Self, Error> {
        let mut path = site.folder.run();
        // To `psql`, a comma ends the name of a host.
        let has_comma = path.as_os_str().as_encoded_bytes().contains(&b',');
        let is_apart = has_comma || socket_bytes(&path) > PATH_BYTES_MAX;
        if is_apart {
            path = apart(site)?;
            site.user.check_way_to(&path).await?;
        }
        site.user.create_folder(&path)?;
        Ok(Self { path, is_apart })
    }
}

fn apart(site: &Site) -> Result<PathBuf, Error> {
    let name = format!("socle-{}", site.installation.socket_name);
    // Root's runtime folder is closed to the user who runs root's server.
    let runtime = env::var_os("XDG_RUNTIME_DIR").filter(|_| !rustix::process::geteuid().is_root());
    let runtime = runtime.map(PathBuf::from).filter(|path| path.is_absolute() && path.is_dir());
    let folders = runtime.into_iter().chain([env::temp_dir()]);
    let shortest = folders.map(|folder| folder.join(&name)).min_by_key(|path| {
        // The first that is short enough; where none is, the shortest.
        socket_bytes(path).max(PATH_BYTES_MAX)
    });
    let path = shortest.expect("there is always a temporary folder");
    match socket_bytes(&path) {
        ..=PATH_BYTES_MAX => Ok(path),
        bytes => Err(Error::SocketPath { path: socket(&path), bytes }),
    }
}

fn socket(folder: &Path) -> PathBuf {
    folder.join(format!(".s.PGSQL.{PORT}"))
}

fn socket_bytes(folder: &Path) -> usize {
    socket(folder).as_os_str().len()
}
