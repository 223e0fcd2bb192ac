//! Modules that run together.

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware,
    response::IntoResponse,
    routing::get,
};
use serde_json::{Value, json};
use socle_db::Database;
use socle_jobs::TenantDirectory;
use socle_telemetry::{Metrics, Pool};
use socle_web::{Json, Problem, Refusal};
use tokio::net::TcpListener;
use tower::util::option_layer;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::{
    Authenticator, Catalogue, Limits, Module,
    api::Api,
    asyncapi, connections,
    drain::Drain,
    gate::{self, Gate},
    limiter::Limiter,
    pages,
    request::{self, Reception},
    workers::Workers,
};

/// The largest body, unless a route admits more.
const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;

/// How a host is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Of the program.
    pub version: &'static str,
    /// Where it is reached, as examples name it: `127.0.0.1:8080`.
    pub address: String,
    /// The origins whose pages may call; none by default.
    pub cors_origins: Vec<String>,
    pub metrics: Metrics,
    pub limits: Limits,
    pub jobs: socle_jobs::Settings,
}

/// What modules fill and the host asks.
#[derive(Clone)]
pub struct Ports {
    /// Tells callers apart.
    pub authenticator: Arc<dyn Authenticator>,
    /// Knows for whom the calendar's entries are.
    pub tenants: Arc<dyn TenantDirectory>,
}

/// The modules of one process.
pub struct Host {
    database: Database,
    workers: Workers,
    router: Router,
    drain: Drain,
    document: Value,
    events: Value,
    limits: Limits,
}

/// What the pages show.
#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) address: String,
    pub(crate) modules: Arc<[&'static str]>,
    pub(crate) catalogue: Arc<Catalogue>,
}

impl Settings {
    /// For whoever serves nothing.
    #[must_use]
    pub fn of_version(version: &'static str) -> Self {
        let address = "127.0.0.1:8080".to_owned();
        let metrics = Metrics::new(version);
        let (cors_origins, limits) = (Vec::new(), Limits::default());
        let jobs = socle_jobs::Settings::default();
        Self { version, address, cors_origins, metrics, limits, jobs }
    }
}

impl Host {
    /// Joins `modules`, and asks `ports` what it has to know of the world.
    ///
    /// # Panics
    ///
    /// When two modules want the same route, when a route does not say who may call it, or since
    /// when it is deprecated, when an event is published by two or read and published by none, and
    /// when an origin is none.
    #[must_use]
    pub fn new(
        database: Database,
        modules: Vec<Module>,
        ports: Ports,
        catalogue: Catalogue,
        settings: &Settings,
    ) -> Self {
        let names = modules.iter().map(|it| it.tables.name).collect();
        let mut api = Api::new(settings.version);
        let (metrics, limits, drain) =
            (settings.metrics.clone(), settings.limits, Drain::default());
        watch(&metrics, &database);
        let mut workers = Workers::new(database.clone(), metrics.clone());
        let (mut gated, mut published) = (Router::new(), Vec::new());
        for module in modules {
            let (router, described) = module.routes.split_for_parts();
            api.add(module.tables.name, &described, &catalogue);
            gated = gated.merge(router);
            workers.add(&module.tables, module.duties, &settings.jobs, &ports.tenants);
            published.push((module.tables.name, module.published));
        }
        workers.assert_published(&published);
        let gate = Gate {
            authenticator: ports.authenticator,
            rules: Arc::new(api.rules()),
            limiter: Arc::new(Limiter::default()),
            metrics: metrics.clone(),
            patience: limits.patience,
        };
        let gated = gated
            .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
            .layer(middleware::from_fn_with_state(gate, gate::pass));
        let address = settings.address.clone();
        let shown = Shown { address, modules: names, catalogue: Arc::new(catalogue) };
        let (document, events) = (api.document(), asyncapi::document(settings.version, &published));
        let open = open_routes(document.clone(), shown, (&database, &drain, &metrics))
            .merge(described(events.clone()));
        let reception = Reception { drain: drain.clone(), metrics: metrics.clone() };
        let router = gated
            .merge(open)
            .fallback(no_route)
            .method_not_allowed_fallback(no_method)
            .layer(option_layer(cors(&settings.cors_origins)))
            .layer(middleware::from_fn_with_state(reception, request::answer));
        Self { database, workers, router, drain, document, events, limits }
    }

    /// The description of every route: OpenAPI 3.1.
    #[must_use]
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// The description of every event: `AsyncAPI` 3.0.
    #[must_use]
    pub fn events(&self) -> &Value {
        &self.events
    }

    /// Every route, as a service: for tests, and for whoever brings connections of its own.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Serves until `stop` is done and what had begun by then has ended.
    pub async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()>) {
        let at_work = self.workers.begin();
        connections::serve(listener, self.router, &self.drain, self.limits, stop).await;
        at_work.end().await;
        self.database.close().await;
    }
}

fn watch(metrics: &Metrics, database: &Database) {
    let database = database.clone();
    metrics.watch_pool("transactions", move || {
        let (in_use, idle) = database.connections();
        Pool { in_use, idle }
    });
}

/// The routes that everybody may call: what this is, how it is, and what it offers.
fn open_routes(
    document: Value,
    shown: Shown,
    (database, drain, metrics): (&Database, &Drain, &Metrics),
) -> Router {
    let version = json!({ "name": "socle", "version": document["info"]["version"] });
    let ready = get(ready).with_state((database.clone(), drain.clone()));
    Router::new()
        .route("/", get(pages::welcome))
        .route("/problems", get(pages::problems))
        .route("/problems/{code}", get(pages::problem))
        .with_state(shown)
        .route("/health", get(async || Json(json!({ "status": "pass" }))))
        .route("/ready", ready)
        .route("/metrics", get(measured).with_state(metrics.clone()))
        .route("/version", get(async move || Json(version)))
        .merge(pages::docs(document))
}

fn described(events: Value) -> Router {
    Router::new().route("/asyncapi.json", get(async || Json(events)))
}

/// Whether requests are to be sent here: the database answers, and the process is not ending.
async fn ready(
    State((database, drain)): State<(Database, Drain)>,
) -> Result<impl IntoResponse, Problem> {
    if drain.has_begun() {
        return Err(Refusal::Stopping.into());
    }
    database.ping().await?;
    Ok(Json(json!({ "status": "pass" })))
}

/// For Prometheus.
async fn measured(State(metrics): State<Metrics>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, Metrics::CONTENT_TYPE)], metrics.render())
}

/// Pages of these origins may call, with a key of their own; those of others may not.
fn cors(origins: &[String]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let of = |it: &String| it.parse::<HeaderValue>().expect("an origin is visible text");
    let origins: Vec<_> = origins.iter().map(of).collect();
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_NONE_MATCH,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("x-correlation-id"),
        ])
        .expose_headers([
            header::ETAG,
            header::RETRY_AFTER,
            HeaderName::from_static("deprecation"),
            HeaderName::from_static("idempotency-replayed"),
            HeaderName::from_static("ratelimit-limit"),
            HeaderName::from_static("ratelimit-remaining"),
            HeaderName::from_static("ratelimit-reset"),
            HeaderName::from_static("sunset"),
            HeaderName::from_static("x-correlation-id"),
            HeaderName::from_static("x-request-id"),
        ]);
    Some(layer)
}

async fn no_route() -> Problem {
    Refusal::NoRoute.into()
}

async fn no_method() -> Problem {
    Refusal::NoMethod.into()
}
