//! `socle serve`: serves HTTP, and keeps the database up, until it is told to stop.

mod background;
mod erasure;

use std::net::SocketAddr;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde::Serialize;
use socle_db::server::Server;
use socle_host::{Deps, Host};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
};

use crate::{
    answer::{self, Answer},
    cli::Serve,
    failure::{Exit, Failure},
    modules::{catalogue, modules},
    place,
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
    /// Where HTTP is served.
    url: String,
}

pub(super) async fn obey(how: &Serve, settings: &Settings) -> Result<Answer, Failure> {
    if how.detach {
        return background::start(settings).await;
    }
    if how.detached {
        background::leave_the_terminal();
    }
    let mut stops = Stops::listen()?;
    raise_file_limit();
    // The address first: whoever cannot have it has started nothing.
    let (listener, address) = bind(settings.address()?).await?;
    let runtime = open(settings).await?;
    let served = serve(how, settings, &runtime, (listener, address), &mut stops).await;
    tokio::select! {
        closed = runtime.close() => closed?,
        () = stops.next() => tracing::warn!("told again: not waiting for others"),
    }
    let object = served?;
    let text = format!("stopped; `{}` goes on", socle("serve"));
    Ok(Answer::new(&Object { ready: false, ..object }, text))
}

/// Each connection is a file, and shells allow a thousand: as many as the system lets us have.
fn raise_file_limit() {
    let limit = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    if let Err(error) = raised {
        tracing::warn!(%error, "could not raise the limit of open files");
    }
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
    let bound = async {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    bound.await.map_err(|error: std::io::Error| {
        let why = format!("could not listen at {address}: {error}");
        let next = "choose another with --listen 127.0.0.1:8081, or end what listens there";
        Failure::new(Exit::Unavailable, why, next)
    })
}

async fn open(settings: &Settings) -> Result<Runtime, Failure> {
    if settings.database_url.value.is_some() {
        return Runtime::open(settings, crate::runtime::Absent::Create).await;
    }
    let server = Server::start(&settings.folder()?.value, &settings.server()).await?;
    let runtime = Runtime::of_server(server);
    if let Err(failure) = runtime.migrate(settings).await {
        runtime.close().await?;
        return Err(failure);
    }
    Ok(runtime)
}

async fn serve(
    how: &Serve,
    settings: &Settings,
    runtime: &Runtime,
    (listener, address): (TcpListener, SocketAddr),
    stops: &mut Stops,
) -> Result<Object, Failure> {
    let folder = settings.folder()?.value;
    let object = Object {
        ready: true,
        pid: std::process::id(),
        data: folder.path().display().to_string(),
        database_url: runtime.url(settings).unwrap_or_default(),
        url: format!("http://{address}"),
    };
    let host = host(settings, runtime, address);
    let told = place::tell(&folder, &object.url);
    let _told = told.inspect_err(|error| tracing::warn!(%error, "`status` will not know the URL"));
    if how.detached {
        // A parent that is gone does not ask; the server is up all the same.
        let _ = answer::print(&answer::json(&object));
        background::log_to(&folder)?;
    }
    tracing::info!("serving {} from the data in {}", object.url, object.data);
    let ended = async {
        match &runtime.server {
            Some(server) => server.ended().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = host.serve(listener, stopping(stops)) => Ok(object),
        () = erasure::work(runtime) => unreachable!("it goes on for ever"),
        () = ended => {
            let why = "the database ended by itself";
            let next = format!("see the log in {}/log, then serve again", object.data);
            Err(Failure::new(Exit::Unavailable, why, next))
        }
    }
}

async fn stopping(stops: &mut Stops) {
    stops.next().await;
    tracing::info!("stopping: what has begun is finished");
}

fn host(settings: &Settings, runtime: &Runtime, address: SocketAddr) -> Host {
    let how = socle_host::Settings {
        address: address.to_string(),
        cors_origins: settings.cors_origins(),
        ..socle_host::Settings::of_version(env!("CARGO_PKG_VERSION"))
    };
    let deps = Deps::new(runtime.database.clone(), how.metrics.clone());
    let (modules, ports) = modules(&deps);
    Host::new(runtime.database.clone(), modules, ports, catalogue(), &how)
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
