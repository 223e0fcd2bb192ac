//! The log: one line a request, of what is ours alone.

use std::fs;

use serde_json::Value;
use socle_host::Host;
use socle_telemetry::{Format, Service, Settings, subscriber};
use socle_testkit::{Believing, TestDatabase, Visitor};
use tower::ServiceExt;
use tracing::instrument::WithSubscriber;

use crate::{
    probe::{Probe, TABLES},
    site::{catalogue, settings},
};

#[tokio::test]
async fn a_request_is_one_line_and_nothing_that_was_sent_is_in_it() {
    let service = Service { name: "test", version: "1.2.3" };
    let how = Settings { format: Format::Json, filter: "info".to_owned(), service, traces: None };
    let (subscriber, telemetry) = subscriber(&how).expect("nothing is sent anywhere");
    let path = std::env::temp_dir().join(format!("socle-lines-{}", std::process::id()));
    telemetry.continue_in(&path).expect("the file can be written");
    let database = TestDatabase::of(&[TABLES]).await;
    let (pool, modules) = (database.database.clone(), vec![Probe::new().module()]);
    let host = Host::new(pool, modules, Believing::ports(), catalogue(), &settings());
    let call = async |method: &str, path: &str, body: &'static str| {
        let request = axum::http::Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", Visitor::anybody().credential()))
            .header("content-type", "application/json")
            .header("x-correlation-id", "canary-of-a-header")
            .header("idempotency-key", "canary-of-a-key")
            .header("user-agent", "canary-of-an-agent")
            .body(axum::body::Body::from(body))
            .expect("a request");
        let response = host.router().oneshot(request).await.expect("routers answer");
        response.headers()["x-request-id"].to_str().expect("text").to_owned()
    };

    let calls = async {
        let names = [
            call("GET", "/v1/probe/things/canary-of-a-path?canary=1", "").await,
            call("GET", "/v1/probe/things?canary=canary", "").await,
            call("POST", "/v1/probe/things", r#"{"amount":"canary-of-a-body"}"#).await,
            call("GET", "/canary-of-no-route", "").await,
            call("GET", "/v1/probe/panics", "").await,
        ];
        Vec::from(names)
    };
    let names = calls.with_subscriber(subscriber).await;

    let text = fs::read_to_string(&path).expect("it was written");
    fs::remove_file(&path).expect("it is ours");
    assert!(!text.contains("canary"), "{text}");
    let lines: Vec<Value> =
        text.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect();
    let expected = [
        ("/v1/probe/things/{id}", 200),
        ("/v1/probe/things", 422),
        ("/v1/probe/things", 422),
        ("none", 404),
        ("/v1/probe/panics", 500),
    ];
    for (name, (route, status)) in names.iter().zip(expected) {
        let of: Vec<_> = lines.iter().filter(|it| it["request_id"] == **name).collect();
        let told: Vec<_> = of.iter().filter(|it| it["message"] == "answered").collect();
        assert_eq!(told.len(), 1, "{text}");
        assert_eq!((&told[0]["route"], &told[0]["status"]), (&route.into(), &status.into()));
        assert!(told[0]["duration_ms"].as_f64().is_some_and(|it| 0.0 < it), "{text}");
    }
    assert!(lines.iter().any(|it| it["message"] == "a request panicked"), "{text}");
}
