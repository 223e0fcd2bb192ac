//! The password of `socle_app` on a server elsewhere: drawn once, kept in the data folder.

use std::{
    fmt::Write as _,
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, ErrorKind, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    process,
};

use socle_db::server::Folder;

use crate::failure::{Exit, Failure};

/// The password of this data folder, made now if there is none.
pub(crate) fn of(folder: &Folder) -> Result<String, Failure> {
    let path = folder.path().join("app-password");
    read_or_make(&path).map_err(|error| {
        let why = format!("could not keep a password in {}: {error}", path.display());
        let next = "choose a folder that you may write to with --data, or set SOCLE_APP_URL";
        Failure::new(Exit::Unavailable, why, next)
    })
}

fn read_or_make(path: &Path) -> io::Result<String> {
    match fs::read_to_string(path) {
        Ok(text) if is_ours(text.trim_end()) => return Ok(text.trim_end().to_owned()),
        Ok(_) => return Err(io::Error::other("it holds something else")),
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        Err(_) => {}
    }
    let folder = path.parent().expect("the file lies in the folder");
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let draft = path.with_extension(process::id().to_string());
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(format!("{}\n", draw()?).as_bytes())?;
    file.sync_all()?;
    // A link, unlike a renaming, takes no other process's place.
    let placed = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match placed {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(fs::read_to_string(path)?.trim_end().to_owned()),
    }
}

fn is_ours(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|it| it.is_ascii_hexdigit())
}

/// 256 bits of the system's randomness, in hexadecimal.
fn draw() -> io::Result<String> {
    let mut bytes = [0; 32];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    }))
}
