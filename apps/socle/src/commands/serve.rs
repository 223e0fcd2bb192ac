//! `socle serve`: keeps the database up until it is told to stop. It serves no HTTP yet.

mod background;

use serde::Serialize;
use socle_db::server::Server;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{
    answer::{self, Answer},
    cli::Serve,
    failure::{Exit, Failure},
    prompt::socle,
    runtime::Runtime,
    settings::Settings,
};

/// What is told when it is ready.
#[derive(Serialize)]
struct Object {
    ready: bool,
    pid: u32,
    data: String,
    database_url: String,
}

pub(super) async fn obey(how: &Serve, settings: &Settings) -> Result<Answer, Failure> {
    if settings.database_url.value.is_some() {
        let why = "DATABASE_URL names a server that others keep up, and there is no HTTP to serve \
                   yet";
        let next = "run the other commands; they connect by themselves";
        return Err(Failure::new(Exit::Usage, why, next));
    }
    if how.detach {
        return background::start(settings).await;
    }
    if how.detached {
        background::leave_the_terminal();
    }
    serve(how, settings).await
}

async fn serve(how: &Serve, settings: &Settings) -> Result<Answer, Failure> {
    let mut stops = Stops::listen()?;
    let folder = settings.folder()?.value;
    let server = Server::start(&folder, &settings.server()).await?;
    let runtime = Runtime::of_server(server);
    if let Err(failure) = runtime.migrate(settings).await {
        runtime.close().await?;
        return Err(failure);
    }
    let data = folder.path().display().to_string();
    let database_url = runtime.url(settings).expect("a server of our own has one");
    let ready = Object { ready: true, pid: std::process::id(), data, database_url };
    if how.detached {
        // A parent that is gone does not ask; the server is up all the same.
        let _ = answer::print(&answer::json(&ready));
        background::log_to(&folder)?;
    }
    tracing::info!("serving the database of {}; no HTTP yet", ready.data);

    let server = runtime.server.as_ref().expect("it was just started");
    tokio::select! {
        () = stops.next() => tracing::info!("stopping"),
        () = server.ended() => {
            let why = "the database ended by itself";
            let next = format!("see the log in {}/log, then serve again", ready.data);
            return Err(Failure::new(Exit::Unavailable, why, next));
        }
    }
    tokio::select! {
        closed = runtime.close() => closed?,
        () = stops.next() => tracing::warn!("told again: not waiting for others"),
    }
    let text = format!("stopped; `{}` goes on", socle("serve"));
    Ok(Answer::new(&Object { ready: false, ..ready }, text))
}

/// The signals that end it. A terminal that is closed does not.
struct Stops {
    terminate: Signal,
    interrupt: Signal,
    _hang_up: Signal,
}

impl Stops {
    fn listen() -> Result<Self, Failure> {
        let listen =
            |kind| signal(kind).map_err(|error| Failure::new(Exit::Internal, error, "try again"));
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
            _hang_up: listen(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
