//! Where the lines go: standard error, until a file is named.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::{Arc, OnceLock},
};

use tracing_subscriber::fmt::MakeWriter;

/// Shared by whoever writes and whoever switches.
#[derive(Debug, Clone, Default)]
pub(crate) struct Destination {
    file: Arc<OnceLock<File>>,
}

impl Destination {
    /// Sends everything from now on to a file that only its owner reads.
    pub(crate) fn continue_in(&self, path: &Path) -> io::Result<()> {
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
        // A process goes to the background once.
        let _ = self.file.set(file);
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Destination {
    type Writer = Box<dyn Write + 'a>;

    fn make_writer(&'a self) -> Self::Writer {
        match self.file.get() {
            Some(file) => Box::new(file),
            None => Box::new(io::stderr()),
        }
    }
}
