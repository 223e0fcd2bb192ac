//! A short folder of a test's own, which the server's user can enter.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    thread,
    time::Duration,
};

use socle_db::server::Folder;

static NEXT: AtomicU32 = AtomicU32::new(0);

pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        let name = format!("socle-it-{}-{}", process::id(), NEXT.fetch_add(1, Relaxed));
        let path = Path::new("/tmp").join(name);
        fs::create_dir(&path).unwrap();
        set_mode(&path, 0o755);
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// A data folder that does not exist yet.
    pub(crate) fn folder(&self) -> Folder {
        Folder::try_new(self.0.join("data")).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A server that lost its owner may still be writing its last checkpoint.
        for _ in 0..500 {
            if fs::remove_dir_all(&self.0).is_ok() || !self.0.exists() {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

pub(crate) fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}
