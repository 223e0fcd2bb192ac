//! What each route costs: round trips to the database, of a caller who is alone.
//!
//! Five for what goes through the sequencer (begin, reserve the key, lock, write, commit), however
//! many callers share them; one more where lots are spent, and where an account has open holds.
//! What refunds and undoes runs in a transaction of its own, and looks up what it undoes. A read
//! is one, and one more where a `404` has to be told from nothing.

use serde_json::{Value, json};

use super::{Site, earning, moving, rules};

/// A route, what is sent, and what it costs.
type Row = (&'static str, String, Value, u64);

/// The same again costs what it cost: nothing is remembered by the first call but the programme.
async fn cost(site: &Site, (method, path, body, _): &Row) -> u64 {
    let before = site.world.database.database.round_trips();
    let answer = match *method {
        "GET" => site.get(path).await,
        _ => site.post(path, body).await,
    };
    assert!(answer.status.is_success(), "{method} {path}: {}", answer.text);
    site.world.database.database.round_trips() - before
}

#[tokio::test]
async fn each_route_costs_the_round_trips_that_are_written_here() {
    let site = Site::new().await;
    let programme = site.get("/programmes").await.body["items"][0]["id"].clone();
    let (till, sales) = (site.opened("till:7", "USD").await, site.opened("sales", "USD").await);
    let moved = site.moved(&till, &sales, 500).await;
    let of = |mut body: Value| {
        body["programme"] = programme.clone();
        body
    };
    site.post("/earn", &of(earning("demo-alice", "order-1", 9_900))).await.assert_status(200);
    let hold = json!({
        "kind": "booking", "account": sales, "counter": till, "amount": 100,
        "expires_at": "2099-01-01T00:00:00Z",
    });
    let hold = site.post("/holds", &hold).await.assert_status(201).text_of("id").to_owned();
    let named = programme.as_str().expect("an identifier");
    let customer = format!("?customer=demo-alice&programme={named}");
    let burn = of(json!({ "customer": "demo-alice", "points": 1 }));
    let refund = of(json!({ "purchase": "order-1", "amount": 100, "currency": "USD" }));
    let adjust = of(json!({ "customer": "demo-alice", "points": 5, "reason": "goodwill" }));
    let none = Value::Null;

    let rows: Vec<Row> = vec![
        ("POST", "/earn".into(), of(earning("demo-alice", "order-2", 100)), 5),
        ("POST", "/earn".into(), earning("demo-alice", "order-3", 100), 6),
        ("POST", "/burn".into(), burn.clone(), 6),
        ("POST", "/burn:preview".into(), burn, 5),
        ("POST", "/refund".into(), refund, 11),
        ("POST", "/adjust".into(), adjust, 5),
        ("POST", "/transactions".into(), moving(&till, &sales, 1), 6),
        ("POST", format!("/transactions/{moved}/reverse"), json!({}), 13),
        ("POST", format!("/holds/{hold}/capture"), json!({}), 7),
        ("POST", "/programmes".into(), rules("Miles"), 6),
        ("GET", format!("/balance{customer}"), none.clone(), 1),
        ("GET", format!("/lots{customer}"), none.clone(), 1),
        ("GET", format!("/accounts/{sales}"), none.clone(), 1),
        ("GET", format!("/accounts/{sales}/balance"), none.clone(), 2),
        ("GET", format!("/accounts/{sales}/entries"), none.clone(), 2),
        ("GET", format!("/transactions/{moved}"), none.clone(), 1),
        ("GET", "/journal".into(), none.clone(), 1),
        ("GET", "/trial-balance".into(), none, 1),
    ];

    let mut costs = Vec::new();
    for row in &rows {
        costs.push((row.0, row.1.clone(), cost(&site, row).await));
    }
    let expected: Vec<_> = rows.iter().map(|it| (it.0, it.1.clone(), it.3)).collect();
    assert_eq!(costs, expected);
}
