//! One request of each route that takes a key, for the tests that walk through all of them.

use serde_json::{Value, json};

use super::{Site, earning, moving, rules};

/// A request, and another body for the same route.
pub(crate) struct Keyed {
    pub(crate) path: String,
    pub(crate) body: Value,
    /// `None` where the route takes no body.
    pub(crate) other: Option<Value>,
}

fn keyed(path: impl Into<String>, body: Value, other: Value) -> Keyed {
    Keyed { path: path.into(), body, other: Some(other) }
}

fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

/// What each route that takes a key is asked in order; each has an effect.
pub(crate) async fn all(site: &Site) -> Vec<Keyed> {
    site.earned("demo-alice", "order-0", 100_000).await;
    let (a, b) = (site.opened("a", "USD").await, site.opened("b", "USD").await);
    let empty = site.opened("empty", "USD").await;
    let posted = site.moved(&a, &b, 10).await;
    let hold = json!({
        "kind": "deposit", "account": a, "counter": b, "amount": 100,
        "expires_at": "2100-01-01T00:00:00Z",
    });
    let [to_capture, to_void] = [
        site.post("/holds", &hold).await.text_of("id").to_owned(),
        site.post("/holds", &hold).await.text_of("id").to_owned(),
    ];
    let programme = site.get("/programmes").await.body["items"][0]["id"].clone();
    let of = |body| with(body, "programme", programme.clone());
    let burn = of(json!({ "customer": "demo-alice", "points": 20 }));
    let refund = of(json!({ "purchase": "order-0", "amount": 500, "currency": "USD" }));
    let adjust = of(json!({ "customer": "demo-alice", "points": 5, "reason": "goodwill" }));
    let earn = of(earning("demo-alice", "order-1", 2_933));
    let batch =
        json!({ "transactions": [moving(&a, &b, 1), moving(&a, &super::nobody("acc"), 2)] });
    let longer =
        json!({ "transactions": [moving(&a, &b, 1), moving(&b, &a, 1), moving(&a, &b, 9)] });
    vec![
        keyed("/programmes", rules("Miles"), rules("Stars")),
        keyed("/earn", earn.clone(), with(earn, "amount", json!(2_934))),
        keyed("/burn", burn.clone(), with(burn, "points", json!(21))),
        keyed("/refund", refund.clone(), with(refund, "amount", json!(501))),
        keyed("/adjust", adjust.clone(), with(adjust, "points", json!(6))),
        keyed("/transactions", moving(&a, &b, 7), moving(&a, &b, 8)),
        keyed("/transactions:batch", batch, longer),
        keyed(format!("/transactions/{posted}/reverse"), json!({}), json!({ "reason": "other" })),
        keyed("/holds", hold.clone(), with(hold, "amount", json!(101))),
        keyed(
            format!("/holds/{to_capture}/capture"),
            json!({ "amount": 30 }),
            json!({ "amount": 31 }),
        ),
        Keyed { path: format!("/holds/{to_void}/void"), body: json!({}), other: None },
        Keyed { path: format!("/accounts/{empty}/close"), body: json!({}), other: None },
    ]
}
