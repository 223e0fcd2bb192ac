//! Who an installation is: a nonce in its folder, which its server tells over the socket.

use std::{
    fmt::Write as _,
    fs::{self, File, OpenOptions},
    io::{Read, Write as _},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use super::{Error, Folder, error::On};

/// The identity of one data folder.
#[derive(Debug, Clone)]
pub(super) struct Installation {
    /// 32 hexadecimal digits that only this folder and its server know.
    pub(super) nonce: String,
    /// 16 more, which may be seen: they name a socket folder outside the data folder.
    pub(super) socket_name: String,
}

impl Installation {
    /// The identity of a folder that has one.
    pub(super) fn read(folder: &Folder) -> Result<Option<Self>, Error> {
        let path = folder.installation();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).on("read", &path),
        };
        match text.trim_end().split_once(' ') {
            Some((nonce, name)) if is_hex(nonce, 32) && is_hex(name, 16) => {
                Ok(Some(Self { nonce: nonce.to_owned(), socket_name: name.to_owned() }))
            }
            _ => Err(Error::Taken { path }),
        }
    }

    /// The identity of a folder, given to it now if it has none. The caller owns the folder.
    pub(super) fn read_or_create(folder: &Folder) -> Result<Self, Error> {
        if let Some(installation) = Self::read(folder)? {
            return Ok(installation);
        }
        let ours =
            [folder.cluster(), folder.run(), folder.log(), folder.conf(), folder.start_log()];
        if let Some(path) = ours.into_iter().find(|path| path.symlink_metadata().is_ok()) {
            return Err(Error::Taken { path });
        }
        let installation = Self { nonce: random_hex(16)?, socket_name: random_hex(8)? };
        let text = format!("{} {}\n", installation.nonce, installation.socket_name);
        replace(&folder.installation(), &text, |_| Ok(()))?;
        Ok(installation)
    }

    /// What the unfinished cluster is called: a name that nobody else can have given.
    pub(super) fn unfinished_cluster(&self, folder: &Folder) -> std::path::PathBuf {
        folder.path().join(format!("pg-{}", self.nonce))
    }
}

/// Writes a file whole or not at all; `prepare` sees it before it gets its name.
pub(super) fn replace(
    path: &Path,
    text: &str,
    prepare: impl FnOnce(&Path) -> Result<(), Error>,
) -> Result<(), Error> {
    let unfinished = beside(path)?;
    let write = || {
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    let result = write().on("write", path).and_then(|()| prepare(&unfinished));
    let result = result.and_then(|()| fs::rename(&unfinished, path).on("put in place", path));
    if result.is_err() {
        // Already failing: the first error is the one to tell.
        let _ = fs::remove_file(&unfinished);
    }
    result
}

/// A new name beside a path, which nothing else has.
pub(super) fn beside(path: &Path) -> Result<std::path::PathBuf, Error> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", random_hex(4)?));
    Ok(name.into())
}

fn random_hex(bytes: usize) -> Result<String, Error> {
    let source = Path::new("/dev/urandom");
    let mut random = vec![0; bytes];
    File::open(source).and_then(|mut file| file.read_exact(&mut random)).on("read", source)?;
    Ok(random.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    }))
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
