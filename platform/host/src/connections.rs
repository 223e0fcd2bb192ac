//! Connections: accepted, bounded, and closed when they only take room.

use std::{pin::pin, time::Duration};

use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};

use crate::drain::Drain;

/// How many connections are held: more wait in the kernel's queue.
const CONNECTIONS_MAX: usize = 16_384;

/// How long the head of a request may take: a client that sends a byte a second is sent away.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// How long what has begun may take to end.
const DRAIN_MAX: Duration = Duration::from_secs(30);

/// How long to wait when the system has no more room for a connection.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop` is done, and then until everything that had begun is answered.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    drain: &Drain,
    stop: impl Future<Output = ()>,
) {
    let room = std::sync::Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let graceful = GracefulShutdown::new();
    let mut stop = pin!(stop);
    let mut ended = pin!(async {
        stop.as_mut().await;
        drain.begin();
        let _ = timeout(DRAIN_MAX, drain.idle()).await;
    });
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &room) => accepted,
            () = &mut ended => break,
        };
        let (stream, place) = accepted;
        let connection = connection(stream, router.clone(), &graceful);
        spawn(async move {
            connection.await;
            drop(place);
        });
    }
    drop(listener);
    if timeout(DRAIN_MAX, graceful.shutdown()).await.is_err() {
        tracing::warn!("not waiting any longer for answers that nobody takes");
    }
}

type Place = tokio::sync::OwnedSemaphorePermit;

async fn accept(listener: &TcpListener, room: &std::sync::Arc<Semaphore>) -> (TcpStream, Place) {
    let place = room.clone().acquire_owned().await.expect("the semaphore is never closed");
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, place),
            Err(error) => {
                tracing::warn!(%error, "could not accept a connection");
                sleep(PAUSE).await;
            }
        }
    }
}

/// One connection, HTTP/1.1 or HTTP/2, to its end.
fn connection(
    stream: TcpStream,
    router: Router,
    graceful: &GracefulShutdown,
) -> impl Future<Output = ()> + use<> {
    // Answers are small and whole: they do not wait for more.
    let _ = stream.set_nodelay(true);
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEAD_TIMEOUT);
    let service = TowerToHyperService::new(router);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    let watched = graceful.watch(connection.into_owned());
    async move {
        if let Err(error) = watched.await {
            tracing::debug!(error, "a connection ended early");
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a connection lives as long as its client")]
fn spawn(connection: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(connection);
}
