//! A request that is sent again: no second effect, and the same answer to the letter.

use axum::http::Request;
use serde_json::json;

use super::{Site, moving, requests};

#[tokio::test]
async fn every_route_with_a_key_answers_a_repetition_alike_and_refuses_another_body() {
    let site = Site::new().await;

    for (place, it) in requests::all(&site).await.into_iter().enumerate() {
        let (path, key) = (&it.path, format!("key-{place}"));
        let before = site.effects().await;
        let first = site.post_as(path, &it.body, &key).await;
        let effects = site.effects().await;
        let again = site.post_as(path, &it.body, &key).await;

        assert!(first.status.is_success(), "{path}: {}", first.text);
        assert_eq!(first.header("idempotency-replayed"), None, "{path}");
        assert_eq!((again.status, &again.text), (first.status, &first.text), "{path}");
        assert_eq!(again.header("idempotency-replayed"), Some("true"), "{path}");
        assert_eq!(site.effects().await, effects, "{path}");
        if let Some(other) = &it.other {
            let other = site.post_as(path, other, &key).await;
            other.assert_problem(422, "ledger.key-reused");
            assert_eq!(site.effects().await, effects, "{path}: another body took effect");
        }
        let is_quiet = ["/void", "/close"].iter().any(|it| path.ends_with(it));
        assert!(is_quiet || before != effects, "{path} had no effect");
    }
}

#[tokio::test]
async fn the_table_has_every_route_with_a_key() {
    let site = Site::new().await;
    let document = site.world.get(&site.us, "/openapi.json").await.body;
    let paths = document["paths"].as_object().expect("paths");
    let takes_key = |it: &&serde_json::Value| {
        let parameters = it["post"]["parameters"].as_array();
        parameters.into_iter().flatten().any(|it| it["name"] == "Idempotency-Key")
    };

    let described = paths.values().filter(takes_key).count();

    assert_eq!(requests::all(&site).await.len(), described);
}

#[tokio::test]
async fn a_refusal_is_repeated_with_its_place() {
    let site = Site::new().await;
    let a = site.opened("a", "USD").await;
    let body = moving(&a, &super::nobody("acc"), 5);

    let first = site.post_as("/transactions", &body, "one").await;
    let again = site.post_as("/transactions", &body, "one").await;

    first.assert_problem(404, "ledger.account-unknown");
    assert_eq!(first.pointers(), ["/legs/1/account"]);
    assert_eq!((again.status, again.text.clone()), (first.status, first.text.clone()));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
}

#[tokio::test]
async fn a_refusal_is_repeated_to_the_letter_whatever_the_calls_belong_to() {
    let site = Site::new().await;
    let body = json!({ "customer": "demo-alice", "points": 5 }).to_string();
    let call = async |correlation: &str| {
        let request = Request::post("/v1/ledger/burn")
            .header("content-type", "application/json")
            .header("idempotency-key", "one")
            .header("x-correlation-id", correlation);
        site.world.send(Some(&site.us), request, body.clone()).await
    };

    let first = call("01a20000-0000-7000-8000-000000000001").await;
    let again = call("01a20000-0000-7000-8000-000000000002").await;

    first.assert_problem(404, "ledger.account-unknown");
    assert_eq!((again.status, again.text), (first.status, first.text));
}

#[tokio::test]
async fn a_purchase_that_is_told_again_under_another_key_earns_nothing_again() {
    let site = Site::new().await;
    let first = site.earned("demo-alice", "order-1", 2_933).await;

    let again = site.earned("demo-alice", "order-1", 2_933).await;

    assert_eq!(again.text, first.text);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(site.available("demo-alice").await, 29);
}

#[tokio::test]
async fn a_key_belongs_to_its_route_and_its_path() {
    let site = Site::new().await;
    let (a, b) = (site.opened("a", "USD").await, site.opened("b", "USD").await);
    let [one, two] = [site.moved(&a, &b, 1).await, site.moved(&a, &b, 2).await];

    let first = site.post_as(&format!("/transactions/{one}/reverse"), &json!({}), "undo").await;
    let other = site.post_as(&format!("/transactions/{two}/reverse"), &json!({}), "undo").await;
    let route = site.post_as("/transactions", &moving(&a, &b, 3), "undo").await;

    first.assert_status(200);
    other.assert_problem(422, "ledger.key-reused");
    route.assert_status(201);
}

#[tokio::test]
async fn a_request_without_a_key_or_with_one_that_cannot_be_read_takes_no_effect() {
    let site = Site::new().await;
    let body = super::earning("demo-alice", "order-1", 2_933);
    let before = site.effects().await;

    let none = Request::post("/v1/ledger/earn").header("content-type", "application/json");
    let none = site.world.send(Some(&site.us), none, body.to_string()).await;
    let long = site.post_as("/earn", &body, &"k".repeat(256)).await;

    none.assert_problem(400, "web.key-missing");
    long.assert_problem(400, "web.key-invalid");
    assert_eq!(site.effects().await, before);
}
