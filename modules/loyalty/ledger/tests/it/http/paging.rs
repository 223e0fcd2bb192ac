//! Lists that are longer than a page, and cursors that are none.

use serde_json::Value;

use super::Site;

/// Every row of a list, page by page.
async fn rows(site: &Site, path: &str) -> Vec<Value> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page = site.get(&format!("{path}limit=2{after}")).await;
        let items = page.assert_status(200).body["items"].as_array().expect("items");
        assert!(items.len() <= 2 && !items.is_empty(), "{path}: {}", page.text);
        found.extend(items.iter().cloned());
        let Some(next) = page.body["next"].as_str() else { return found };
        after = format!("&after={next}");
    }
}

#[tokio::test]
async fn pages_follow_each_other_and_miss_nothing() {
    let site = Site::new().await;
    let (a, b) = (site.opened("a", "USD").await, site.opened("b", "USD").await);
    for amount in 1..=5 {
        let mut body = super::moving(&a, &b, amount);
        body["metadata"] = serde_json::json!({ "till": "7" });
        site.post("/transactions", &body).await.assert_status(201);
    }

    for path in ["/journal?", "/transactions?key=till&value=7&", &format!("/accounts/{b}/entries?")]
    {
        let rows = rows(&site, path).await;
        let place = if path.contains("entries") { "seq" } else { "number" };
        let numbers: Vec<_> = rows.iter().filter_map(|it| it[place].as_i64()).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5], "{path}");
    }
    let accounts = rows(&site, "/accounts?").await;
    let ids: Vec<_> = accounts.iter().filter_map(|it| it["id"].as_str()).collect();
    assert!(ids.is_sorted() && ids.len() == 6, "{ids:?}");
    let own = rows(&site, "/accounts?owner=a&").await;
    assert_eq!(own.iter().map(|it| it["owner"].as_str()).collect::<Vec<_>>(), [Some("a")]);
}

#[tokio::test]
async fn a_hostile_limit_or_cursor_is_refused_and_not_repeated() {
    let site = Site::new().await;
    let a = site.opened("a", "USD").await;
    let numbers =
        ["/journal?", "/transactions?key=till&value=7&", &format!("/accounts/{a}/entries?")];
    let hostile = [
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=1.5",
        "limit=canary",
        "limit=",
        "limit=99999999999999999999",
    ];
    let cursors = ["-1", "canary", "1%27%20or%201=1", "99999999999999999999", "%00", ""];

    for path in numbers.into_iter().chain(["/accounts?"]) {
        for query in hostile {
            refused(&site, &format!("{path}{query}"), "limit").await;
        }
        for cursor in cursors {
            refused(&site, &format!("{path}after={cursor}"), "after").await;
        }
        let no_text = site.get(&format!("{path}after=%ff")).await;
        no_text.assert_problem(422, "web.query-invalid");
        let unknown = site.get(&format!("{path}canary=1")).await;
        unknown.assert_problem(422, "web.query-invalid");
        assert!(!unknown.text.contains("canary"), "{}", unknown.text);
    }
    let far = site.get("/journal?after=9223372036854775807").await;
    assert_eq!(far.assert_status(200).body, serde_json::json!({ "items": [] }));
}

async fn refused(site: &Site, path: &str, place: &str) {
    let answer = site.get(path).await;
    answer.assert_problem(422, "web.query-invalid");
    assert_eq!(answer.pointers(), [place], "{path}");
    assert!(!answer.text.contains("canary"), "{path}: {}", answer.text);
}
