//! What each route costs: round trips to the database, of a caller who is alone.
//!
//! Five for what goes through the sequencer (begin, reserve the key, lock, write, commit), however
//! many callers share them; one more where lots are spent, and where an account has open holds.
//! What refunds and undoes runs in a transaction of its own, and looks up what it undoes. A read
//! is one, and one more where a `404` has to be told from nothing.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Site, earning, moving, rules};

/// A route, what is sent to it, and what that costs.
struct Row {
    route: &'static str,
    path: String,
    body: Value,
    cost: u64,
}

/// What the rows name.
struct Names {
    programme: String,
    till: String,
    sales: String,
    empty: String,
    moved: String,
    purchase: String,
    holds: [String; 3],
    verification: String,
}

impl Names {
    async fn of(site: &Site) -> Self {
        let (till, sales) = (site.opened("till:7", "USD").await, site.opened("sales", "USD").await);
        let set_aside = hold(&sales, &till);
        let moved = site.moved(&till, &sales, 500).await;
        let held = async || site.post("/holds", &set_aside).await.text_of("id").to_owned();
        let holds = [held().await, held().await, held().await];
        let earned = site.earned("demo-alice", "order-1", 9_900).await;
        let verification = site.post("/verify", &json!({})).await.text_of("id").to_owned();
        site.pump().await;
        let all = site.get("/programmes").await.body;
        let programme = all["items"][0]["id"].as_str().expect("an identifier").to_owned();
        // A programme never changes, so a process looks it up once.
        site.get(&format!("/balance?customer=demo-alice&programme={programme}")).await;
        Self {
            programme,
            empty: site.opened("empty", "USD").await,
            purchase: earned.text_of("purchase").to_owned(),
            till,
            sales,
            moved,
            holds,
            verification,
        }
    }
}

fn hold(account: &str, counter: &str) -> Value {
    json!({
        "kind": "booking", "account": account, "counter": counter, "amount": 100,
        "expires_at": "2099-01-01T00:00:00Z",
    })
}

/// What changes something.
fn writing(it: &Names) -> Vec<Row> {
    let of = |mut body: Value| {
        body["programme"] = json!(it.programme);
        body
    };
    let post = |route: &'static str, id: &str, body: Value, cost| {
        let path = route.trim_start_matches("POST ").replace("{id}", id);
        Row { route, path, body, cost }
    };
    let (burn, back) = (json!({ "customer": "demo-alice", "points": 1 }), json!({}));
    let refund = json!({ "purchase": "order-1", "amount": 100, "currency": "USD" });
    let adjust = json!({ "customer": "demo-alice", "points": 5, "reason": "goodwill" });
    let many = json!({ "transactions": [moving(&it.till, &it.sales, 1)] });
    let account = json!({ "owner": "a", "purpose": "cash", "asset": "USD", "side": "debit" });
    vec![
        post("POST /earn", "", of(earning("demo-alice", "order-2", 100)), 5),
        post("POST /earn", "", earning("demo-alice", "order-3", 100), 6),
        post("POST /burn", "", of(burn.clone()), 6),
        post("POST /burn:preview", "", of(burn), 5),
        post("POST /refund", "", of(refund), 11),
        post("POST /adjust", "", of(adjust), 5),
        post("POST /accounts", "", account, 5),
        post("POST /accounts/{id}/close", &it.empty, back.clone(), 5),
        post("POST /transactions", "", moving(&it.till, &it.sales, 1), 6),
        post("POST /transactions:batch", "", many, 9),
        post("POST /transactions/{id}/reverse", &it.moved, back.clone(), 13),
        post("POST /holds", "", hold(&it.sales, &it.till), 7),
        post("POST /holds/{id}/capture", &it.holds[0], back.clone(), 7),
        post("POST /holds/{id}/void", &it.holds[1], back.clone(), 7),
        post("POST /programmes", "", rules("Miles"), 6),
        post("POST /verify", "", back, 4),
    ]
}

/// What only looks.
fn reading(it: &Names) -> Vec<Row> {
    let get = |route: &'static str, id: &str, query: &str, cost| {
        let path = route.trim_start_matches("GET ").replace("{id}", id) + query;
        Row { route, path, body: Value::Null, cost }
    };
    let programme = format!("?programme={}", it.programme);
    let customer = format!("{programme}&customer=demo-alice");
    vec![
        get("GET /balance", "", &customer, 1),
        get("GET /balance", "", "?customer=demo-alice", 2),
        get("GET /lots", "", &customer, 1),
        get("GET /purchases/{id}", &it.purchase, "", 1),
        get("GET /programmes", "", "", 1),
        get("GET /programmes/{id}", &it.programme, "", 1),
        get("GET /accounts", "", "", 1),
        get("GET /accounts/{id}", &it.sales, "", 1),
        get("GET /accounts/{id}/balance", &it.sales, "", 2),
        get("GET /accounts/{id}/entries", &it.sales, "", 2),
        get("GET /accounts/{id}/statement", &it.sales, "", 2),
        get("GET /transactions", "", "?key=till&value=7", 1),
        get("GET /transactions/{id}", &it.moved, "", 1),
        get("GET /holds/{id}", &it.holds[2], "", 1),
        get("GET /journal", "", "", 1),
        get("GET /trial-balance", "", "", 1),
        get("GET /liability", "", &format!("{programme}&from=2029-12-01&to=2029-12-31"), 1),
        get("GET /expiring", "", &format!("{programme}&days=30"), 1),
        get("GET /verifications/{id}", &it.verification, "", 1),
    ]
}

async fn cost(site: &Site, row: &Row) -> u64 {
    let before = site.world.database.database.round_trips();
    let answer = match row.body {
        Value::Null => site.get(&row.path).await,
        _ => site.post(&row.path, &row.body).await,
    };
    assert!(answer.status.is_success(), "{}: {}", row.route, answer.text);
    site.world.database.database.round_trips() - before
}

#[tokio::test]
async fn each_route_costs_the_round_trips_that_are_written_here() {
    let site = Site::new().await;
    let names = Names::of(&site).await;
    // Reads first: what holds change shows in later writes alone.
    let rows: Vec<_> = reading(&names).into_iter().chain(writing(&names)).collect();

    let mut costs = Vec::new();
    for row in &rows {
        costs.push((row.route, cost(&site, row).await));
    }

    assert_eq!(costs, rows.iter().map(|it| (it.route, it.cost)).collect::<Vec<_>>());
    let document = site.world.get(&site.us, "/openapi.json").await.body;
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let verbs = item.as_object().expect("operations").keys();
        described.extend(verbs.filter_map(|verb| {
            let path = path.strip_prefix("/v1/ledger")?;
            Some(format!("{} {path}", verb.to_uppercase()))
        }));
    }
    let priced: BTreeSet<_> = rows.iter().map(|it| it.route.to_owned()).collect();
    assert_eq!(priced, described, "each route has its cost");
}
