//! Logs, on standard error; a background server's in a file of the data folder. Traces, where they
//! are wanted.

use std::{
    io::{self, IsTerminal},
    path::Path,
    sync::OnceLock,
};

use socle_telemetry::{Format, Service, Settings as How, Telemetry, Traces};

use crate::{
    cli::{Cli, Command},
    failure::{Exit, Failure},
    settings::Settings,
};

/// `serve` goes to the background long after the logs began.
static STARTED: OnceLock<Telemetry> = OnceLock::new();

/// Starts logging, and tracing where an endpoint is set.
pub(crate) fn start(cli: &Cli, settings: &Settings) -> Result<(), Failure> {
    // At the end of a command sqlx finds its idle connections closed, and says so.
    let level = match cli.verbose {
        0 => "warn,sqlx=error,socle=info,socle_db=info",
        1 => "info,sqlx=error,socle=debug,socle_db=debug",
        _ => "debug",
    };
    let sampled = settings.traced()?;
    let endpoint = settings.otlp_endpoint.value.clone();
    let how = How {
        format: format(&cli.command),
        filter: settings.log.value.clone().unwrap_or_else(|| level.to_owned()),
        service: Service { name: "socle", version: env!("CARGO_PKG_VERSION") },
        traces: endpoint.map(|endpoint| Traces { endpoint, sampled }),
    };
    let telemetry = socle_telemetry::start(&how).map_err(|error| {
        Failure::new(Exit::Usage, error, "write otlp_endpoint as http://127.0.0.1:4317")
    })?;
    // A process starts once.
    let _ = STARTED.set(telemetry);
    Ok(())
}

/// People read what commands say; what a server says is read by programs, unless somebody watches.
fn format(command: &Command) -> Format {
    match command {
        Command::Serve(_) if !io::stderr().is_terminal() => Format::Json,
        _ => Format::Text,
    }
}

/// Sends everything from now on to a file.
pub(crate) fn continue_in(path: &Path) -> io::Result<()> {
    STARTED.get().expect("logs are started before any command").continue_in(path)
}

/// Sends what has not been sent.
pub(crate) fn end() {
    STARTED.get().into_iter().for_each(Telemetry::end);
}
