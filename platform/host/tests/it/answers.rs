//! What is true of every answer.

use std::{sync::atomic::Ordering, time::Duration};

use socle_host::{Limits, Settings};
use socle_testkit::Visitor;
use uuid::Uuid;

use crate::site::{Site, bearer, settings, with_limits};

fn hurried() -> Settings {
    with_limits(Limits { patience: Duration::from_millis(50), ..Limits::default() })
}

#[tokio::test]
async fn every_answer_has_a_name_of_its_own_and_the_headers_that_protect() {
    let site = Site::open().await;
    let mut client = site.connect().await;
    let mut names = Vec::new();
    for path in ["/", "/health", "/v1/probe/open", "/v1/probe/things", "/nowhere", "/docs/"] {
        let answer = client.get(path, "").await;

        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
        let name = answer.header("x-request-id").and_then(|it| Uuid::parse_str(it).ok());
        names.push(name.expect("a name"));
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 6);
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_document_too() {
    let site = Site::open().await;
    for path in ["/nowhere", "/v1/probe", "/docs/nothing.js", "/problems/nothing", "/v1/%ff"] {
        let answer = site.get(path).await;

        answer.assert_status(404);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        assert_eq!(answer.header("x-request-id"), Some(answer.text_of("request_id")), "{path}");
    }
    site.get("/nowhere").await.assert_problem(404, "web.no-route");
}

#[tokio::test]
async fn a_method_that_a_route_has_not_is_refused_with_those_that_it_has() {
    let site = Site::open().await;
    for (path, allowed) in [("/v1/probe/things", "GET,HEAD,POST"), ("/health", "GET,HEAD")] {
        let mut client = site.connect().await;
        client.ask("DELETE", path, "").await;

        let answer = client.answer().await;

        answer.assert_problem(405, "web.no-method");
        assert_eq!(answer.header("allow"), Some(allowed));
    }
}

#[tokio::test]
async fn a_handler_that_takes_too_long_is_answered_without_it() {
    let site = Site::with(hurried()).await;

    let answer = site.get("/v1/probe/hangs").await;

    answer.assert_problem(503, "web.too-slow");
    assert_eq!(answer.header("retry-after"), Some("1"));
    site.get("/v1/probe/open").await.assert_status(200);
}

#[tokio::test]
async fn a_body_that_comes_too_slowly_is_refused_and_has_no_effect() {
    let site = Site::with(hurried()).await;
    let mut client = site.connect().await;
    let headers = "idempotency-key: k\r\ncontent-type: application/json\r\ncontent-length: 12\r\n";

    let headers = format!("{headers}{}", bearer(&Visitor::anybody()));
    client.ask("POST", "/v1/probe/things", &headers).await;
    client.send("{\"amount\"").await;
    let answer = client.answer().await;

    answer.assert_problem(503, "web.too-slow");
    let _ = tokio::io::AsyncWriteExt::write_all(&mut client.stream, b":1}").await;
    client.until_end().await;
    assert_eq!(site.probe.effects.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_panic_ends_its_request_and_neither_its_connection_nor_the_process() {
    let site = Site::open().await;
    let mut client = site.connect().await;

    let broken = client.get("/v1/probe/panics", "").await;

    broken.assert_problem(500, "internal");
    assert!(!broken.text.contains("handler of a test"), "{}", broken.text);
    client.get("/v1/probe/open", "").await.assert_status(200);
    assert_eq!(site.counted("socle_panics_total{where=\"request\"} ").await, 1);
}

#[tokio::test]
async fn a_panic_in_the_middle_of_an_answer_breaks_it_off() {
    let site = Site::open().await;
    let mut client = site.connect().await;
    client.ask("GET", "/v1/probe/breaks", "").await;

    let (status, _) = client.head().await.expect("it has begun");
    site.probe.arrival().await;
    site.probe.go_on.add_permits(1);
    let rest = client.until_end().await;

    assert_eq!(status, 200);
    assert!(!rest.ends_with(b"0\r\n\r\n"), "it looks whole: {rest:?}");
    assert_eq!(site.counted("socle_panics_total{where=\"request\"} ").await, 1);
}

#[tokio::test]
async fn a_request_is_counted_by_its_template() {
    let site = Site::open().await;
    site.get_as(&Visitor::anybody(), "/v1/probe/things/canary").await.assert_status(200);

    let metrics = site.get("/metrics").await.text;

    let series = "http_route=\"/v1/probe/things/{id}\",http_response_status_code=\"200\"";
    assert!(metrics.contains(series), "{metrics}");
    assert!(!metrics.contains("canary"), "{metrics}");
}

#[tokio::test]
async fn pages_of_other_origins_may_call_only_where_that_is_configured() {
    let preflight = "origin: https://shop.example\r\naccess-control-request-method: POST\r\n\
                     access-control-request-headers: authorization,idempotency-key\r\n";
    let allowing = Settings { cors_origins: vec!["https://shop.example".to_owned()], ..settings() };
    let (closed, site) = (Site::open().await, Site::with(allowing).await);
    let asking = async |site: &Site, method: &str, headers: &str| {
        let mut client = site.connect().await;
        client.ask(method, "/v1/probe/things", headers).await;
        client.answer_to(method).await.expect("an answer")
    };

    let allowed = asking(&site, "OPTIONS", preflight).await;
    let stranger = asking(&site, "OPTIONS", &preflight.replace("shop", "other")).await;
    let called = asking(&site, "GET", "origin: https://shop.example\r\n").await;
    let refused = asking(&closed, "OPTIONS", preflight).await;

    let origin = "access-control-allow-origin";
    assert_eq!(allowed.assert_status(200).header(origin), Some("https://shop.example"));
    let methods = allowed.header("access-control-allow-methods").expect("methods");
    assert!(methods.contains("POST") && !methods.contains('*'), "{methods}");
    assert_eq!(stranger.header(origin), None);
    assert_eq!(
        called.assert_problem(401, "unauthenticated").header(origin),
        allowed.header(origin)
    );
    let shown = called.header("access-control-expose-headers").expect("headers");
    assert!(shown.contains("ratelimit-remaining") && shown.contains("x-request-id"), "{shown}");
    assert_eq!(refused.assert_problem(405, "web.no-method").header(origin), None);
}
