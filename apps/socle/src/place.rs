//! Where HTTP is served, told to the other commands by a file in the data folder.
//!
//! The file names the process that wrote it, so that one that was killed is not believed.

use std::{fs, io, path::PathBuf, process};

use serde::{Deserialize, Serialize};
use socle_db::server::Folder;

/// Who serves, and where.
#[derive(Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) pid: u32,
    pub(crate) url: String,
}

/// The file, for as long as this process serves.
#[derive(Debug)]
pub(crate) struct Told(PathBuf);

fn path(folder: &Folder) -> PathBuf {
    folder.path().join("serve.json")
}

/// Tells where this process serves, until what this returns is dropped.
pub(crate) fn tell(folder: &Folder, url: &str) -> io::Result<Told> {
    let told = Told(path(folder));
    let place = Place { pid: process::id(), url: url.to_owned() };
    fs::create_dir_all(folder.path())?;
    fs::write(&told.0, serde_json::to_string(&place)?)?;
    Ok(told)
}

/// Who serves the data of this folder, if anybody does.
pub(crate) fn find(folder: &Folder) -> Option<Place> {
    let place: Place = serde_json::from_str(&fs::read_to_string(path(folder)).ok()?).ok()?;
    let name = fs::read_to_string(format!("/proc/{}/comm", place.pid)).ok()?;
    (name.trim_end() == "socle").then_some(place)
}

impl Drop for Told {
    fn drop(&mut self) {
        // What is left is not believed.
        let _ = fs::remove_file(&self.0);
    }
}
