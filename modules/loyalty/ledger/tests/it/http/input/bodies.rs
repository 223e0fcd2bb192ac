//! Bodies that are no bodies.

use serde_json::json;
use socle_testkit::Answer;

use super::super::{Site, earning};

async fn sent(site: &Site, path: &str, body: impl Into<axum::body::Body>) -> Answer {
    let before = site.effects().await;
    let answer = site.post_raw(path, body).await;
    assert_eq!(site.effects().await, before, "it had an effect");
    assert!(!answer.text.contains("canary"), "it is repeated: {}", answer.text);
    answer
}

#[tokio::test]
async fn what_is_no_json_is_refused() {
    let site = Site::new().await;
    let whole = earning("canary", "order-1", 1_000).to_string();
    let deep = format!("{{\"metadata\": {{\"canary\": {}1{}}}}}", "[".repeat(200), "]".repeat(200));
    let mut latin = whole.clone().into_bytes();
    latin[14] = 0xe9;
    let bodies = [
        ("truncated", whole.as_bytes()[..20].to_vec()),
        ("empty", Vec::new()),
        ("too deep", deep.into_bytes()),
        ("not UTF-8", latin),
        ("two documents", format!("{whole}{whole}").into_bytes()),
        ("text", b"canary".to_vec()),
        ("not finite", b"{\"amount\": NaN, \"canary\": 1}".to_vec()),
    ];

    for (what, body) in bodies {
        let answer = sent(&site, "/earn", body).await;
        assert_eq!(answer.status, 400, "{what}: {}", answer.text);
        answer.assert_problem(400, "web.body-malformed");
    }
}

#[tokio::test]
async fn a_key_stands_once_also_in_metadata() {
    let site = Site::new().await;
    let body = |more: &str| {
        format!(
            "{{\"customer\": \"canary\", \"purchase\": \"order-1\", \"amount\": 1000, \
             \"currency\": \"USD\"{more}}}"
        )
    };

    let twice = sent(&site, "/earn", body(", \"amount\": 9000")).await;
    let inside =
        sent(&site, "/earn", body(", \"metadata\": {\"canary\": \"1\", \"canary\": \"2\"}")).await;
    let trimmed =
        sent(&site, "/earn", body(", \"metadata\": {\"canary\": \"1\", \"canary \": \"2\"}")).await;
    let unknown = sent(&site, "/earn", body(", \"canary\": 1")).await;

    twice.assert_problem(422, "web.body-invalid");
    for answer in [inside, trimmed] {
        answer.assert_problem(422, "web.body-invalid");
        assert_eq!(answer.pointers(), ["/metadata"]);
    }
    unknown.assert_problem(422, "web.body-invalid");
    assert_eq!(unknown.pointers(), [""]);
}

#[tokio::test]
async fn a_body_is_no_larger_than_its_route_admits() {
    let site = Site::new().await;
    let large = format!("{{\"customer\": \"{}\"}}", "canary".repeat(500_000));
    let batch = json!({ "transactions": [], "canary": "x".repeat(3_000_000) }).to_string();
    let too_large = format!("{batch}{}", " ".repeat(6_000_000));

    let refused = sent(&site, "/earn", large).await;
    let admitted = sent(&site, "/transactions:batch", batch).await;
    let beyond = sent(&site, "/transactions:batch", too_large).await;

    refused.assert_problem(413, "web.body-too-large");
    admitted.assert_problem(422, "web.body-invalid");
    beyond.assert_problem(413, "web.body-too-large");
}
