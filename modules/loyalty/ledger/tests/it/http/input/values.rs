//! Values that are not what they should be.

use serde_json::{Value, json};

use super::{
    super::{Site, earning, moving, nobody},
    CANARY, refused, with,
};

const INVALID: &str = "web.body-invalid";

fn number(text: &str) -> Value {
    serde_json::from_str(text).expect("a number")
}

#[tokio::test]
async fn an_amount_is_a_whole_number_that_fits() {
    let site = Site::new().await;
    let (a, b) = (site.opened("a", "USD").await, site.opened("b", "USD").await);
    let hold = json!({
        "kind": "deposit", "account": a, "counter": b, "amount": 1,
        "expires_at": "2100-01-01T00:00:00Z",
    });
    let burn = json!({ "customer": "demo-alice", "points": 1 });
    let routes = [
        ("/earn", earning("demo-alice", "order-1", 1), "/amount"),
        ("/burn", burn.clone(), "/points"),
        ("/burn:preview", burn, "/points"),
        ("/refund", json!({ "purchase": "x", "amount": 1, "currency": "USD" }), "/amount"),
        ("/adjust", json!({ "customer": "c", "points": 1, "reason": "r" }), "/points"),
        ("/transactions", moving(&a, &b, 1), "/legs/0/amount"),
        ("/holds", hold, "/amount"),
    ];
    let hostile = [
        number("1.5"),
        number("1.0"),
        number("1e3"),
        number("9223372036854775808"),
        number("-9223372036854775808"),
        number("99999999999999999999999"),
        json!("29"),
        json!(null),
        json!([]),
        json!(true),
        json!(CANARY),
    ];

    for (path, body, place) in &routes {
        for value in &hostile {
            refused(&site, path, &with(body, place, value.clone()), (422, INVALID, place)).await;
        }
    }
}

#[tokio::test]
async fn a_sum_has_the_sign_that_its_route_asks_for() {
    let site = Site::new().await;
    site.earned("demo-alice", "order-0", 1_000).await;
    let (a, b) = (site.opened("a", "USD").await, site.opened("b", "USD").await);
    let burn = |points: i64| json!({ "customer": "demo-alice", "points": points });
    let refund =
        |amount: i64| json!({ "purchase": "order-0", "amount": amount, "currency": "USD" });
    let hold = |amount: i64| {
        json!({
            "kind": "deposit", "account": a, "counter": b, "amount": amount,
            "expires_at": "2100-01-01T00:00:00Z",
        })
    };
    let positive = "ledger.not-positive";

    let earn = earning("demo-alice", "order-1", -1);
    refused(&site, "/earn", &earn, (422, "ledger.purchase-negative", "/amount")).await;
    for sum in [0, -1, -i64::MAX] {
        refused(&site, "/burn", &burn(sum), (422, positive, "/points")).await;
        refused(&site, "/burn:preview", &burn(sum), (422, positive, "/points")).await;
        refused(&site, "/holds", &hold(sum), (422, positive, "/amount")).await;
        let negative = (422, "ledger.purchase-negative", "/amount");
        refused(&site, "/refund", &refund(sum), negative).await;
    }
    let adjust = json!({ "customer": "demo-alice", "points": 0, "reason": "none" });
    refused(&site, "/adjust", &adjust, (422, positive, "/points")).await;
    let zero = moving(&a, &b, 0);
    refused(&site, "/transactions", &zero, (422, "ledger.legs", "/legs")).await;
    let short = json!({ "customer": "demo-alice", "points": 11 });
    refused(&site, "/burn", &short, (409, "ledger.insufficient", "/points")).await;
    let much = refund(1_001);
    refused(&site, "/refund", &much, (409, "ledger.refund-too-large", "/amount")).await;
    let huge = earning("demo-alice", "order-2", i64::MAX);
    site.post("/earn", &huge).await.assert_status(200);
}

#[tokio::test]
async fn a_text_is_short_and_has_no_control_characters() {
    let site = Site::new().await;
    let body = json!({
        "customer": "demo-alice", "purchase": "order-1", "amount": 1, "currency": "USD",
        "reason": "a reason", "metadata": { "till": "7" },
    });
    let long = format!("{CANARY}{}", "x".repeat(600));

    for place in ["/customer", "/purchase", "/reason"] {
        for text in
            ["", "   ", &long, "canary\u{0}", "canary\nx", "canary\u{1b}[31m", "x\u{85}canary"]
        {
            let wrong = with(&body, place, json!(text));
            refused(&site, "/earn", &wrong, (422, INVALID, place)).await;
        }
        refused(&site, "/earn", &with(&body, place, json!(7)), (422, INVALID, place)).await;
    }
    let many: serde_json::Map<_, _> =
        (0..33).map(|it| (format!("canary{it}"), json!("x"))).collect();
    for metadata in [
        json!({ "canary\u{0}": "x" }),
        json!({ "x": "canary\u{0}" }),
        json!({ "": "canary" }),
        json!({ "canary": "" }),
        json!({ "canary": 7 }),
        json!({ "canary": null }),
        json!({ "canary": { "a": "b" } }),
        json!({ &long: "x" }),
        json!({ "canary": long }),
        json!("canary"),
        json!(["canary"]),
        json!(many),
    ] {
        let wrong = with(&body, "/metadata", metadata);
        refused(&site, "/earn", &wrong, (422, INVALID, "/metadata")).await;
    }
}

#[tokio::test]
async fn a_moment_is_within_reason() {
    let site = Site::new().await;
    let earn = earning("demo-alice", "order-1", 1);
    let (a, b) = (site.opened("a", "USD").await, site.opened("b", "USD").await);
    let hold = json!({ "kind": "x", "account": a, "counter": b, "amount": 1 });
    let hostile = [
        "9999-12-31T23:59:59Z",
        "1899-12-31T23:59:59Z",
        "-009999-01-01T00:00:00Z",
        "2200-01-01T00:00:00Z",
        "2025-02-30T00:00:00Z",
        "2025-06-15",
        "yesterday",
        CANARY,
        "",
    ];

    for moment in hostile {
        let wrong = with(&earn, "/effective_at", json!(moment));
        refused(&site, "/earn", &wrong, (422, INVALID, "/effective_at")).await;
        let wrong = with(&hold, "/expires_at", json!(moment));
        refused(&site, "/holds", &wrong, (422, INVALID, "/expires_at")).await;
    }
    let future = with(&earn, "/effective_at", json!("2199-01-01T00:00:00Z"));
    let expected = (422, "ledger.effective-in-future", "/effective_at");
    refused(&site, "/earn", &future, expected).await;
    let past = with(&hold, "/expires_at", json!("2000-01-01T00:00:00Z"));
    refused(&site, "/holds", &past, (422, "ledger.expires-too-soon", "/expires_at")).await;
}

#[tokio::test]
async fn a_query_is_within_reason() {
    let site = Site::new().await;
    let a = site.opened("a", "USD").await;
    let at = ["9999-12-31", "1899-12-31", "canary", "2025-13-01", ""];

    for path in ["/balance?customer=c&", "/lots?customer=c&", &format!("/accounts/{a}/balance?")] {
        for at in at {
            let answer = site.get(&format!("{path}at={at}")).await;
            answer.assert_problem(422, "web.query-invalid");
            assert_eq!(answer.pointers(), ["at"], "{path}{at}");
            assert!(!answer.text.contains("canary"), "{}", answer.text);
        }
    }
    for (path, code, place) in [
        ("/balance", "web.query-invalid", ""),
        ("/balance?customer=canary%00", "web.query-invalid", "customer"),
        ("/balance?customer=c&customer=canary", "web.query-invalid", ""),
        ("/balance?customer=c&programme=canary", "web.query-invalid", "programme"),
        ("/trial-balance?on=9999-01-01", "web.query-invalid", "on"),
        ("/liability?from=2024-01-01", "web.query-invalid", ""),
        ("/liability?from=2024-01-01&to=2025-01-01", "ledger.span-too-long", "to"),
        ("/liability?from=2024-01-02&to=2024-01-01", "ledger.span-backwards", "to"),
        ("/expiring?days=0", "web.query-invalid", "days"),
        ("/expiring?days=367", "web.query-invalid", "days"),
        ("/transactions?key=till", "web.query-invalid", ""),
        ("/transactions?key=&value=canary", "web.query-invalid", "key"),
    ] {
        let answer = site.get(path).await;
        answer.assert_problem(422, code);
        assert_eq!(answer.pointers(), [place], "{path}: {}", answer.text);
        assert!(!answer.text.contains("canary"), "{}", answer.text);
    }
    let leap = site.get("/liability?from=2024-01-01&to=2024-12-31").await;
    assert_eq!(leap.assert_status(200).body["items"].as_array().map(Vec::len), Some(366));
    let unknown = nobody("prog");
    let answer = site.get(&format!("/balance?customer=c&programme={unknown}")).await;
    answer.assert_problem(404, "not-found");
    assert_eq!(answer.pointers(), ["programme"]);
}
