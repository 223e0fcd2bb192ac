//! Logs, on standard error; a background server's in a file of the data folder.

use std::{
    fs::{File, OpenOptions},
    io::{self, IsTerminal, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::OnceLock,
};

use tracing_subscriber::EnvFilter;

static FILE: OnceLock<File> = OnceLock::new();

/// Starts logging.
pub(crate) fn start(verbose: u8) {
    // At the end of a command sqlx finds its idle connections closed, and says so.
    let level = match verbose {
        0 => "warn,sqlx=error,socle=info,socle_db=info",
        1 => "info,sqlx=error,socle=debug,socle_db=debug",
        _ => "debug",
    };
    let chosen = std::env::var("SOCLE_LOG").ok().filter(|it| !it.is_empty());
    let filter = EnvFilter::new(chosen.unwrap_or_else(|| level.to_owned()));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_target(false);
    logs.with_ansi(io::stderr().is_terminal()).with_writer(writer).init();
}

/// Sends everything from now on to a file.
pub(crate) fn continue_in(path: &Path) -> io::Result<()> {
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    // A process goes to the background once.
    let _ = FILE.set(file);
    Ok(())
}

fn writer() -> Box<dyn Write> {
    match FILE.get() {
        Some(file) => Box::new(file),
        None => Box::new(io::stderr()),
    }
}
