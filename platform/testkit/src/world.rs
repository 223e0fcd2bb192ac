//! Some modules on a database of their own, called over HTTP without a network.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{
    Router,
    body::Body,
    http::{Request, header, request::Builder},
};
use http_body_util::BodyExt;
use serde_json::Value;
use socle_host::{Catalogue, Deps, Host, Module, Settings};
use tower::ServiceExt;

use crate::{Answer, Believing, TestDatabase, Visitor};

/// Where a test calls routes, as a [`Visitor`].
#[derive(Debug)]
pub struct World {
    pub database: TestDatabase,
    router: Router,
}

impl World {
    /// The world in which `modules` run; `tables` are theirs.
    pub async fn of(tables: &[socle_db::Module], modules: impl Fn(&Deps) -> Vec<Module>) -> Self {
        let database = TestDatabase::of(tables).await;
        let settings = Settings::of_version("0.0.0");
        let metrics = settings.metrics.clone();
        let modules = modules(&Deps::new(database.database.clone(), metrics));
        let catalogue = Catalogue::read("[]").expect("an empty list");
        let pool = database.database.clone();
        let host = Host::new(pool, modules, Believing::ports(), catalogue, &settings);
        Self { router: host.router(), database }
    }

    /// Every route, as a service: for answers that are looked at while they come.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// `GET`.
    pub async fn get(&self, visitor: &Visitor, path: &str) -> Answer {
        self.send(Some(visitor), Request::get(path), Body::empty()).await
    }

    /// `POST` of a JSON body, under a key that is used once.
    pub async fn post(&self, visitor: &Visitor, path: &str, body: &Value) -> Answer {
        self.post_as(visitor, path, body, &fresh_key()).await
    }

    /// `POST` of a JSON body under this idempotency key.
    pub async fn post_as(&self, visitor: &Visitor, path: &str, body: &Value, key: &str) -> Answer {
        let request = Request::post(path).header("idempotency-key", key);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        self.send(Some(visitor), request, body.to_string()).await
    }

    /// Any request, by somebody or by nobody.
    pub async fn send(
        &self,
        visitor: Option<&Visitor>,
        mut request: Builder,
        body: impl Into<Body>,
    ) -> Answer {
        if let Some(visitor) = visitor {
            let credential = format!("Bearer {}", visitor.credential());
            request = request.header(header::AUTHORIZATION, credential);
        }
        let request = request.body(body.into()).expect("a request that can be sent");
        let response = self.router.clone().oneshot(request).await.expect("routers answer");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a whole body").to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, text, body }
    }
}

/// A name that no other request of this process has.
fn fresh_key() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("request-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
