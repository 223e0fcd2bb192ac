//! A module that does what a test needs to look at.

use std::{
    convert::Infallible,
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use socle_host::Module;
use socle_web::{AfterNumber, Caller, Json, KeyHeader, Page, Path, Problem, Query, RequestKey};
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) const TABLES: socle_db::Module = socle_db::Module {
    name: "probe",
    platform: &[socle_events::TABLES, socle_jobs::TABLES],
    own: &[],
};

/// What happened, and what may go on.
#[derive(Debug)]
pub(crate) struct Probe {
    /// Requests that came to where they wait.
    pub(crate) arrived: Semaphore,
    /// As many may go on.
    pub(crate) go_on: Semaphore,
    pub(crate) effects: AtomicUsize,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Thing {
    amount: i64,
}

impl Probe {
    pub(crate) fn new() -> Arc<Self> {
        let (arrived, go_on) = (Semaphore::new(0), Semaphore::new(0));
        Arc::new(Self { arrived, go_on, effects: AtomicUsize::new(0) })
    }

    /// Until one more request waits.
    pub(crate) async fn arrival(&self) {
        self.arrived.acquire().await.expect("it is never closed").forget();
    }

    async fn wait(&self) {
        self.arrived.add_permits(1);
        self.go_on.acquire().await.expect("it is never closed").forget();
    }

    pub(crate) fn module(self: &Arc<Self>) -> Module {
        let routes = OpenApiRouter::new()
            .routes(routes!(open))
            .routes(routes!(list, create))
            .routes(routes!(one))
            .routes(routes!(panics))
            .routes(routes!(waits))
            .routes(routes!(hangs))
            .routes(routes!(streams))
            .routes(routes!(breaks));
        #[expect(deprecated, reason = "that is what it is for")]
        let routes = routes.routes(routes!(old)).with_state(self.clone());
        Module::new(TABLES).routes(routes)
    }
}

/// What everybody may call.
#[utoipa::path(
    get, path = "/v1/probe/open", security(()), responses((status = 200, description = "Open"))
)]
async fn open() -> &'static str {
    "open"
}

/// A page of numbers.
#[utoipa::path(
    get, path = "/v1/probe/things", security(("key" = ["ledger:read"])), params(AfterNumber),
    responses((status = 200, body = Page<i64>, description = "A page")),
)]
async fn list(page: Query<AfterNumber>) -> Json<Page<i64>> {
    let (after, limit) = (page.0.after(), page.0.limit());
    let rows = (after + 1..=after + limit.and_one()).filter(|it| *it <= 3).collect();
    Json(Page::of(rows, limit, i64::to_string, |it| it))
}

/// Has an effect, once for each call.
#[utoipa::path(
    post, path = "/v1/probe/things", security(("key" = ["ledger:write"])), params(KeyHeader),
    request_body = Thing, responses((status = 201, body = Thing, description = "Made")),
)]
async fn create(
    State(probe): State<Arc<Probe>>,
    _key: RequestKey,
    Json(thing): Json<Thing>,
) -> (StatusCode, Json<Thing>) {
    probe.effects.fetch_add(1, Ordering::SeqCst);
    (StatusCode::CREATED, Json(thing))
}

/// What the caller's context is.
#[utoipa::path(
    get, path = "/v1/probe/things/{id}", security(("key" = ["ledger:read"])),
    params(("id" = String, Path)), responses((status = 200, body = Object, description = "It")),
)]
async fn one(Caller(cx): Caller, Path(id): Path<String>) -> Json<Value> {
    let patience_ms = cx.patience().map(|it| it.as_millis());
    Json(json!({
        "id_chars": id.len(),
        "correlation": cx.correlation,
        "causation": cx.causation,
        "actor": cx.actor.id(),
        "patience_ms": u64::try_from(patience_ms.unwrap_or_default()).unwrap_or(0),
    }))
}

/// Panics.
#[utoipa::path(
    get, path = "/v1/probe/panics", security(()), responses((status = 200, description = "Never"))
)]
async fn panics() -> Result<(), Problem> {
    panic!("the handler of a test")
}

/// Waits until the test lets it go on.
#[utoipa::path(
    get, path = "/v1/probe/waits", security(()), responses((status = 200, description = "Late"))
)]
async fn waits(State(probe): State<Arc<Probe>>) -> &'static str {
    probe.wait().await;
    "waited"
}

/// Waits for ever.
#[utoipa::path(
    get, path = "/v1/probe/hangs", security(()), responses((status = 200, description = "Never"))
)]
async fn hangs(State(probe): State<Arc<Probe>>) {
    probe.arrived.add_permits(1);
    pending::<()>().await;
}

/// Begins, and ends when the test lets it.
#[utoipa::path(
    get, path = "/v1/probe/streams", security(()),
    responses((status = 200, description = "In parts"))
)]
async fn streams(State(probe): State<Arc<Probe>>) -> Response {
    let last = stream::once(async move {
        probe.wait().await;
        Bytes::from("last")
    });
    let parts = stream::iter([Bytes::from("first ")]).chain(last);
    Body::from_stream(parts.map(Ok::<_, Infallible>)).into_response()
}

/// Begins, and panics.
#[utoipa::path(
    get, path = "/v1/probe/breaks", security(()),
    responses((status = 200, description = "In part"))
)]
async fn breaks(State(probe): State<Arc<Probe>>) -> Response {
    let broken = stream::once(async move {
        probe.wait().await;
        panic!("the body of a test")
    });
    let parts = stream::iter([Bytes::from("first")]).chain(broken);
    Body::from_stream(parts.map(Ok::<_, Infallible>)).into_response()
}

/// Will end.
#[deprecated]
#[utoipa::path(
    get, path = "/v1/probe/old", security(("key" = ["ledger:read"])),
    extensions(
        ("x-deprecated-at" = json!(1_767_225_600)),
        ("x-sunset" = json!("Fri, 01 Jan 2027 00:00:00 GMT"))
    ),
    responses((status = 200, description = "Still"))
)]
async fn old() -> &'static str {
    "old"
}
