//! Many requests at once under one key.

use std::collections::HashSet;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{Site, earning};

async fn hundred(site: &Site, path: &'static str, body: &Value) -> Vec<(u16, String)> {
    let calls = (0..100).map(async |_| {
        let answer = site.post_as(path, body, "one").await;
        (answer.status.as_u16(), answer.text)
    });
    join_all(calls).await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_100_requests_with_one_key_one_takes_effect_and_all_get_its_answer() {
    let site = Site::new().await;

    let earn = hundred(&site, "/earn", &earning("demo-alice", "order-1", 10_000)).await;
    let burn = hundred(&site, "/burn", &json!({ "customer": "demo-alice", "points": 7 })).await;

    for answers in [earn, burn] {
        let (status, text) = &answers[0];
        assert_eq!(*status, 200, "{text}");
        assert_eq!(answers.iter().collect::<HashSet<_>>().len(), 1);
    }
    assert_eq!(site.available("demo-alice").await, 93);
    assert_eq!(site.effects().await["transfer"], 2);
}
