//! Numbers for Prometheus. Whoever measures calls a function of [`Metrics`] with types of few
//! values, so that no call site can make up a label, or put a person, a tenant or a URL into one.

mod events;
mod jobs;
mod labels;
mod ledger;
mod process;
mod watched;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use prometheus_client::{
    encoding::text,
    metrics::{
        counter::Counter, exemplar::HistogramWithExemplars, family::Family, gauge::Gauge,
        histogram::Histogram, info::Info,
    },
    registry::{Registry, Unit},
};

pub use events::{EventOutcome, EventsStanding};
pub use jobs::{JobDepth, JobEnd, JobHands, JobKind};
pub use labels::{AuthFailure, PanicPlace};
use labels::{Books, Build, PoolLabels, Reason, RequestLabels, Task, Trace, Where, method_of};
use watched::Watched;

pub use watched::Pool;

/// Seconds; the objectives of `deploy/observability/rules/slo.yml`, 0.2 and 0.5, are among them.
const DURATIONS: [f64; 14] =
    [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0];

/// Units that went to the database together, up to the most that one batch takes.
const UNITS: [f64; 11] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0];

/// More routes than any app has; a name beyond it was made up, and counts as [`OTHER`].
const ROUTES_MAX: usize = 512;
const OTHER: &str = "_OTHER";

/// A request that was answered.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    pub method: &'a http::Method,
    /// The template that matched, as in `/v1/ledger/accounts/{id}`; none when nothing did.
    pub route: Option<&'a str>,
    pub status: http::StatusCode,
    pub took: Duration,
    /// The trace to look at, from [`trace_id`](crate::trace_id).
    pub trace: Option<String>,
}

/// What a process measures of itself. Clones count together.
#[derive(Debug, Clone)]
pub struct Metrics(Arc<Inner>);

type Durations = fn() -> HistogramWithExemplars<Trace>;

#[derive(Debug)]
struct Inner {
    registry: Mutex<Registry>,
    routes: RwLock<HashSet<String>>,
    durations: Family<RequestLabels, HistogramWithExemplars<Trace>, Durations>,
    active: Gauge,
    auth_failures: Family<Reason, Counter>,
    rate_limited: Counter,
    panics: Family<Where, Counter>,
    restarts: Family<Task, Counter>,
    units: Family<Books, Histogram, fn() -> Histogram>,
    events: events::Events,
    jobs: jobs::Jobs,
    ledger: ledger::Ledger,
    pools: Arc<Watched<PoolLabels>>,
    queues: Arc<Watched<Books>>,
}

impl Metrics {
    /// `version` is that of the program.
    #[must_use]
    pub fn new(version: &'static str) -> Self {
        let durations: Durations = || HistogramWithExemplars::new(DURATIONS.into_iter());
        let units: fn() -> Histogram = || Histogram::new(UNITS);
        let inner = Inner {
            registry: Mutex::default(),
            routes: RwLock::default(),
            durations: Family::new_with_constructor(durations),
            active: Gauge::default(),
            auth_failures: Family::default(),
            rate_limited: Counter::default(),
            panics: Family::default(),
            restarts: Family::default(),
            units: Family::new_with_constructor(units),
            events: events::Events::default(),
            jobs: jobs::Jobs::default(),
            ledger: ledger::Ledger::default(),
            pools: Arc::new(Watched::new("db_client_connections", "Connections to the database")),
            queues: Arc::new(Watched::new("socle_books_queue_depth", "Units that wait")),
        };
        inner.register(version);
        inner.show_zeros();
        Self(Arc::new(inner))
    }

    /// Counts a request as active until what this returns is dropped.
    pub fn request_began(&self) -> InFlight {
        self.0.active.inc();
        InFlight(self.0.active.clone())
    }

    pub fn request_ended(&self, request: Request<'_>) {
        let labels = RequestLabels {
            http_request_method: method_of(request.method),
            http_route: self.0.route_of(request.route),
            http_response_status_code: request.status.as_u16(),
        };
        let trace = request.trace.map(|trace_id| Trace { trace_id });
        let took = request.took.as_secs_f64();
        self.0.durations.get_or_create(&labels).observe(took, trace, None);
    }

    /// A key or token that did not let its caller in.
    pub fn auth_failed(&self, why: AuthFailure) {
        self.0.auth_failures.get_or_create(&Reason::from(why)).inc();
    }

    /// A request that was told to come later.
    pub fn rate_limited(&self) {
        self.0.rate_limited.inc();
    }

    /// A panic that was caught.
    pub fn panicked(&self, place: PanicPlace) {
        self.0.panics.get_or_create(&Where::from(place)).inc();
    }

    /// Background work that ended and was started again; `task` is the name in its declaration.
    pub fn restarted(&self, task: &'static str) {
        self.0.restarts.get_or_create(&Task { task }).inc();
    }

    /// Units that one transaction posted to the books of a module.
    pub fn batch_posted(&self, books: &'static str, units: usize) {
        let units = u32::try_from(units).unwrap_or(u32::MAX);
        self.0.units.get_or_create(&Books { books }).observe(f64::from(units));
    }

    /// Shows how full a pool of connections is, asked whenever somebody looks.
    pub fn watch_pool(&self, pool: &'static str, read: impl Fn() -> Pool + Send + Sync + 'static) {
        self.0.pools.pool(pool, read);
    }

    /// Shows how many units wait for the books of a module, asked whenever somebody looks.
    pub fn watch_queue(&self, books: &'static str, read: impl Fn() -> u64 + Send + Sync + 'static) {
        self.0.queues.queue(books, read);
    }

    /// Everything as `OpenMetrics` text, of the type [`CONTENT_TYPE`](Self::CONTENT_TYPE).
    #[must_use]
    pub fn render(&self) -> String {
        let registry = self.0.registry.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        // Only a collector could fail, and a scrape without a part of the text fails as a whole.
        if text::encode(&mut text, &registry).is_err() {
            text.clear();
        }
        text
    }

    /// What [`render`](Self::render) gives.
    pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
}

/// A request that has no answer yet.
#[derive(Debug)]
#[must_use]
pub struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Inner {
    fn register(&self, version: &'static str) {
        let mut all = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        let name = "http_server_request_duration";
        let help = "Time from the head of a request to the end of its answer";
        all.register_with_unit(name, help, Unit::Seconds, self.durations.clone());
        let name = "http_server_active_requests";
        all.register(name, "Requests without an answer yet", self.active.clone());
        let help = "Requests whose key or token did not let them in";
        all.register("socle_auth_failures", help, self.auth_failures.clone());
        let help = "Requests told to come later";
        all.register("socle_rate_limited", help, self.rate_limited.clone());
        all.register("socle_panics", "Panics caught", self.panics.clone());
        let help = "Background work started again after it ended";
        all.register("socle_background_restarts", help, self.restarts.clone());
        let help = "Units posted to the books in one transaction";
        all.register("socle_books_batch_units", help, self.units.clone());
        self.events.register(&mut all);
        self.jobs.register(&mut all);
        self.ledger.register(&mut all);
        all.register("socle_build", "The program", Info::new(Build { version }));
        all.register_collector(Box::new(self.pools.clone()));
        all.register_collector(Box::new(self.queues.clone()));
        all.register_collector(Box::new(process::Process));
    }

    /// A counter that appears with its first count looks to `increase` as if nothing had happened.
    fn show_zeros(&self) {
        for why in AuthFailure::ALL {
            self.auth_failures.get_or_create_owned(&Reason::from(why));
        }
        for place in PanicPlace::ALL {
            self.panics.get_or_create_owned(&Where::from(place));
        }
    }

    fn route_of(&self, route: Option<&str>) -> String {
        let Some(route) = route else { return "_UNMATCHED".to_owned() };
        let known = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        if known.contains(route) {
            return route.to_owned();
        }
        drop(known);
        let mut known = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        if ROUTES_MAX <= known.len() {
            return OTHER.to_owned();
        }
        known.insert(route.to_owned());
        route.to_owned()
    }
}
