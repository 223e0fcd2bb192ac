//! Something to scrape: a program that has done a little of everything.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    thread,
    time::Duration,
};

use http::{Method, StatusCode};
use socle_telemetry::{
    AuthFailure, EventOutcome, EventsStanding, JobDepth, JobEnd, JobHands, JobKind, Metrics,
    PanicPlace, Pool, Request,
};

pub(super) const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

const JOB: JobKind = JobKind { module: "ledger", queue: "default", kind: "ledger.expire-points" };
const GROUP: &str = "wallet.balances";

pub(super) fn metrics() -> Metrics {
    let metrics = Metrics::new("1.2.3");
    metrics.watch_pool("app", || Pool { in_use: 3, idle: 5 });
    metrics.watch_queue("ledger", || 7);
    metrics.watch_job_hands(|| {
        vec![JobHands { module: "ledger", queue: JOB.queue, busy: 1, idle: 19 }]
    });
    work(&metrics);
    metrics
}

fn work(metrics: &Metrics) {
    let _under_way = metrics.request_began();
    for (route, status, took_ms) in [
        ("/v1/ledger/accounts/{id}", StatusCode::OK, 3),
        ("/v1/ledger/earn", StatusCode::CREATED, 12),
        ("/v1/ledger/earn", StatusCode::TOO_MANY_REQUESTS, 1),
        ("/v1/ledger/burn", StatusCode::SERVICE_UNAVAILABLE, 700),
    ] {
        let (method, took) = (&Method::POST, Duration::from_millis(took_ms));
        let trace = Some(TRACE.to_owned());
        metrics.request_ended(Request { method, route: Some(route), status, took, trace });
    }
    metrics.auth_failed(AuthFailure::Revoked);
    metrics.rate_limited();
    metrics.panicked(PanicPlace::Request);
    metrics.restarted("relay");
    metrics.batch_posted("ledger", 64);
    handle_events(metrics);
    do_jobs(metrics);
}

fn handle_events(metrics: &Metrics) {
    metrics.events_handled(GROUP, EventOutcome::Handled, 63);
    metrics.events_handled(GROUP, EventOutcome::Failed, 1);
    metrics.events_batch(GROUP, 64, Duration::from_millis(9));
    metrics.events_stand(GROUP, EventsStanding { lag: 3, oldest_age_s: 1, parked: 1, dead: 0 });
    metrics.events_kept("ledger", &BTreeMap::from([(GROUP.to_owned(), 0)]), 0);
}

fn do_jobs(metrics: &Metrics) {
    metrics.job_ended(JOB, JobEnd::Done, Duration::from_millis(40));
    let (waiting, dead, age) = (5, 1, Duration::from_secs(2));
    metrics.jobs_measured("ledger", vec![JobDepth { of: JOB, waiting, dead, age }]);
    metrics.cron_fired("ledger", "ledger.expire-points", Duration::from_millis(300));
    metrics.cron_measured("ledger", Duration::ZERO);
}

/// Answers every request with the metrics, and works between them so that rates exist.
pub(super) fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let metrics = metrics();
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            work(&metrics);
            let body = metrics.render();
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: {}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                Metrics::CONTENT_TYPE,
                body.len()
            );
            // A scraper that hangs up is its own affair.
            let _ = client.read(&mut [0; 4096]);
            let _ = client.write_all((head + &body).as_bytes());
        }
    });
    address
}
