//! Modules that run together.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{HeaderName, Method, header},
    middleware,
    response::IntoResponse,
    routing::get,
};
use futures_util::future::join_all;
use serde_json::{Value, json};
use socle_db::Database;
use socle_telemetry::{Metrics, Pool};
use socle_web::{Json, Problem, Refusal};
use tokio::net::TcpListener;
use tower::util::option_layer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use utoipa_swagger_ui::SwaggerUi;

use crate::{
    Authenticator, Background, Catalogue, Module,
    api::Api,
    connections,
    drain::Drain,
    gate::{self, Gate},
    limiter::Limiter,
    pages,
    request::{self, Reception},
};

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
}

/// The modules of one process.
pub struct Host {
    database: Database,
    background: Vec<Background>,
    router: Router,
    drain: Drain,
    document: Value,
    metrics: Metrics,
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
        Self { version, address, cors_origins: Vec::new(), metrics }
    }
}

impl Host {
    /// Joins `modules`; who calls is told by `authenticator`.
    ///
    /// # Panics
    ///
    /// When two modules want the same route, or a route does not say who may call it.
    #[must_use]
    pub fn new(
        database: Database,
        modules: Vec<Module>,
        authenticator: Arc<dyn Authenticator>,
        catalogue: Catalogue,
        settings: &Settings,
    ) -> Self {
        let names = modules.iter().map(|it| it.tables.name).collect();
        let mut api = Api::new(settings.version);
        let (mut routes, mut background) = (Router::new(), Vec::new());
        for module in modules {
            let (router, described) = module.routes.split_for_parts();
            api.add(module.tables.name, &described, &catalogue);
            routes = routes.merge(router);
            background.extend(module.background);
        }
        let rules = Arc::new(api.rules());
        let metrics = settings.metrics.clone();
        let watched = database.clone();
        metrics.watch_pool("transactions", move || {
            let (in_use, idle) = watched.connections();
            Pool { in_use, idle }
        });
        let limiter = Arc::new(Limiter::default());
        let gate = Gate { authenticator, rules, limiter, metrics: metrics.clone() };
        let routes = routes.layer(middleware::from_fn_with_state(gate, gate::pass));
        let drain = Drain::default();
        let address = settings.address.clone();
        let shown = Shown { address, modules: names, catalogue: Arc::new(catalogue) };
        let document = api.document();
        let open = open_routes(document.clone(), shown, (&database, &drain, &metrics));
        let router = routes
            .merge(open)
            .fallback(no_route)
            .method_not_allowed_fallback(no_method)
            .layer(option_layer(cors(&settings.cors_origins)));
        let reception = Reception { drain: drain.clone(), metrics: metrics.clone() };
        let router = router.layer(middleware::from_fn_with_state(reception, request::answer));
        Self { database, background, router, drain, document, metrics }
    }

    /// The description of every route: OpenAPI 3.1.
    #[must_use]
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Every route, as a service: for tests, and for whoever brings connections of its own.
    #[must_use]
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Serves until `stop` is done and what had begun by then has ended.
    pub async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()>) {
        let work = |it: Background| it.work(self.metrics.clone());
        let background = join_all(self.background.into_iter().map(work));
        let serving = connections::serve(listener, self.router, &self.drain, stop);
        tokio::select! {
            () = serving => {}
            _ = background => unreachable!("background work goes on for ever"),
        }
        self.database.close().await;
    }
}

/// The routes that everybody may call: what this is, how it is, and what it offers.
fn open_routes(
    document: Value,
    shown: Shown,
    (database, drain, metrics): (&Database, &Drain, &Metrics),
) -> Router {
    let version = json!({ "name": "socle", "version": document["info"]["version"] });
    let docs = SwaggerUi::new("/docs").external_url_unchecked("/openapi.json", document);
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
        .merge(docs)
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
    let origins = origins.iter().filter_map(|it| it.parse().ok()).collect::<Vec<_>>();
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
            HeaderName::from_static("idempotency-replayed"),
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
