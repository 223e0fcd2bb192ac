//! Modules that run together.

use std::sync::Arc;

use axum::{Router, extract::State, middleware, response::IntoResponse, routing::get};
use futures_util::future::join_all;
use serde_json::{Value, json};
use socle_db::Database;
use socle_web::{Authenticator, Json, Problem, Refusal};
use tokio::net::TcpListener;
use utoipa_swagger_ui::SwaggerUi;

use crate::{
    Background, Catalogue, Module,
    api::Api,
    connections,
    drain::Drain,
    gate::{self, Gate},
    limiter::Limiter,
    pages, request,
};

/// How a host is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Of the program.
    pub version: &'static str,
    /// Where it is reached, as examples name it: `127.0.0.1:8080`.
    pub address: String,
}

/// The modules of one process.
pub struct Host {
    database: Database,
    background: Vec<Background>,
    router: Router,
    drain: Drain,
}

/// What the pages show.
#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) address: String,
    pub(crate) modules: Arc<[&'static str]>,
    pub(crate) catalogue: Arc<Catalogue>,
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
        let gate = Gate { authenticator, rules, limiter: Arc::new(Limiter::default()) };
        let routes = routes.layer(middleware::from_fn_with_state(gate, gate::pass));
        let drain = Drain::default();
        let address = settings.address.clone();
        let shown = Shown { address, modules: names, catalogue: Arc::new(catalogue) };
        let open = open_routes(api.document(), shown, &database, &drain);
        let router = routes
            .merge(open)
            .fallback(no_route)
            .method_not_allowed_fallback(no_method)
            .layer(middleware::from_fn_with_state(drain.clone(), request::answer));
        Self { database, background, router, drain }
    }

    /// Every route, as a service: for tests, and for whoever brings connections of its own.
    #[must_use]
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Serves until `stop` is done and what had begun by then has ended.
    pub async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()>) {
        let background = join_all(self.background.into_iter().map(Background::work));
        let serving = connections::serve(listener, self.router, &self.drain, stop);
        tokio::select! {
            () = serving => {}
            _ = background => unreachable!("background work goes on for ever"),
        }
        self.database.close().await;
    }
}

/// The routes that everybody may call: what this is, how it is, and what it offers.
fn open_routes(document: Value, shown: Shown, database: &Database, drain: &Drain) -> Router {
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

async fn no_route() -> Problem {
    Refusal::NoRoute.into()
}

async fn no_method() -> Problem {
    Refusal::NoMethod.into()
}
