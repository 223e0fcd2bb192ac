//! Connections: accepted, bounded, and closed when they only take room.

mod requests;
mod stream;

use std::{pin::pin, sync::Arc, time::Duration};

use axum::{Router, extract::Request};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto::Builder,
        graceful::{GracefulShutdown, Watcher},
    },
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tower::ServiceExt;

use crate::{Limits, drain::Drain};
pub(crate) use requests::OpenRequest;
use requests::Requests;
use stream::Patient;

/// The largest head of a request; more is answered 431.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// How often a client of HTTP/2 shows that it is still there.
const PING_INTERVAL: Duration = Duration::from_secs(20);

/// How long to wait when the system has no more room for a connection.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop` is done, and then until everything that had begun is answered.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    drain: &Drain,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let room = Arc::new(Semaphore::new(limits.connections_max));
    let graceful = GracefulShutdown::new();
    let mut ended = pin!(async {
        stop.await;
        drain.begin();
        let _ = timeout(limits.drain, drain.idle()).await;
    });
    loop {
        let (stream, place) = tokio::select! {
            accepted = accept(&listener, &room) => accepted,
            () = &mut ended => break,
        };
        let connection = connection(stream, router.clone(), limits, graceful.watcher());
        spawn(async move {
            connection.await;
            drop(place);
        });
    }
    drop(listener);
    if timeout(limits.drain, graceful.shutdown()).await.is_err() {
        tracing::warn!("not waiting any longer for answers that nobody takes");
    }
}

async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> (TcpStream, OwnedSemaphorePermit) {
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
async fn connection(stream: TcpStream, router: Router, limits: Limits, watcher: Watcher) {
    // Answers are small and whole: they do not wait for more.
    let _ = stream.set_nodelay(true);
    let requests = Requests::default();
    let stream = Patient::new(stream, requests.clone(), limits);
    let mut builder = Builder::new(TokioExecutor::new());
    // Its timeout would cut connections that are idle like those that are slow.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(None);
    // A client that has said all may close its half and still gets its answer.
    builder.http1().half_close(true).max_buf_size(HEAD_BYTES_MAX);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(PING_INTERVAL);
    let service = router.map_request(move |mut request: Request<_>| {
        request.extensions_mut().insert(requests.begin());
        request
    });
    let service = TowerToHyperService::new(service);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection.into_owned()).await {
        tracing::debug!(error, "a connection ended early");
    }
}

#[expect(clippy::disallowed_methods, reason = "a connection lives as long as its client")]
fn spawn(connection: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(connection);
}
