//! Statements as they are read from afar.

use axum::{
    body::Body,
    http::{Request, header},
};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Site, moving};

/// More than five pages of the books.
const ENTRIES: usize = 3_000;

/// Two accounts, the second with that many entries of one unit each; its identifier.
async fn filled(site: &Site) -> String {
    let (a, b) = (site.opened("a", "USD").await, site.opened("b", "USD").await);
    let batch = vec![moving(&a, &b, 1); ENTRIES];
    let answer = site.post("/transactions:batch", &json!({ "transactions": batch })).await;
    answer.assert_status(200);
    b
}

#[tokio::test]
async fn a_statement_of_3000_entries_is_whole_in_either_form() {
    let site = Site::new().await;
    let account = filled(&site).await;
    let path = format!("/accounts/{account}/statement");

    let rows = site.get(&path).await;
    let csv = site.get_with(&path, ("accept", "text/csv")).await;

    let rows = rows.assert_status(200).body.as_array().expect("an array").clone();
    let seqs: Vec<_> = rows.iter().filter_map(|it| it["seq"].as_u64()).collect();
    assert_eq!(seqs, (1..=3_000).collect::<Vec<_>>());
    assert_eq!(rows[2_999]["balance"], 3_000);
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let lines: Vec<_> = csv.text.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), ENTRIES + 1);
    assert_eq!(lines[0], "seq,transaction,kind,effective_at,recorded_at,amount,balance,reason");
    assert!(lines[3_000].starts_with("3000,txn_") && lines[3_000].ends_with(",1,3000,"));
}

#[tokio::test]
async fn a_span_has_its_entries_and_an_empty_one_none() {
    let site = Site::new().await;
    let (a, b) = (site.opened("a", "USD").await, site.opened("b", "USD").await);
    for day in ["2020-01-01", "2020-01-02", "2020-01-03"] {
        let mut body = moving(&a, &b, 1);
        body["effective_at"] = json!(format!("{day}T12:00:00Z"));
        site.post("/transactions", &body).await.assert_status(201);
    }
    let path = format!("/accounts/{b}/statement");

    let one = site.get(&format!("{path}?from=2020-01-02&to=2020-01-02")).await;
    let none = site.get(&format!("{path}?from=2020-01-04&to=2020-01-05")).await;
    let backwards = site.get(&format!("{path}?from=2020-01-02&to=2020-01-01")).await;

    let seqs: Vec<_> = one.body.as_array().expect("rows").iter().map(|it| &it["seq"]).collect();
    assert_eq!(seqs, [&json!(2)]);
    assert_eq!(none.assert_status(200).text, "[]");
    backwards.assert_problem(422, "ledger.span-backwards");
}

#[tokio::test]
async fn a_cell_that_a_spreadsheet_would_compute_is_text() {
    let site = Site::new().await;
    let (a, b) = (site.opened("a", "USD").await, site.opened("b", "USD").await);
    for reason in ["=1+1", "+1", "-1", "@sum", "a \"quoted\", thing"] {
        let mut body = moving(&a, &b, 1);
        body["reason"] = json!(reason);
        site.post("/transactions", &body).await.assert_status(201);
    }

    let csv =
        site.get_with(&format!("/accounts/{b}/statement"), ("accept", "text/csv;q=0.9")).await;

    let reasons: Vec<_> = csv.text.lines().skip(1).map(|it| it.splitn(8, ',').last()).collect();
    let expected = ["'=1+1", "'+1", "'-1", "'@sum", "\"a \"\"quoted\"\", thing\""];
    assert_eq!(reasons, expected.map(Some));
}

#[tokio::test]
async fn a_statement_that_fails_in_the_middle_is_cut_off() {
    let site = Site::new().await;
    let account = filled(&site).await;
    let request = Request::get(format!("/v1/ledger/accounts/{account}/statement"))
        .header(header::AUTHORIZATION, format!("Bearer {}", site.us.credential()))
        .body(Body::empty());
    let router = site.world.router();

    let response = router.oneshot(request.expect("a request")).await.expect("routers answer");
    assert_eq!(response.status(), 200);
    let mut body = response.into_body();
    let mut text = String::new();
    while text.matches("\"seq\"").count() < 500 {
        let frame = body.frame().await.expect("more").expect("a page");
        text.push_str(std::str::from_utf8(&frame.into_data().expect("text")).expect("UTF-8"));
    }
    site.world.database.execute("revoke select on socle_ledger.entry from socle_ledger").await;
    let rest = loop {
        match body.frame().await {
            Some(Ok(frame)) => {
                let page = frame.into_data().expect("text");
                text.push_str(std::str::from_utf8(&page).expect("UTF-8"));
            }
            rest => break rest,
        }
    };

    assert!(matches!(rest, Some(Err(_))), "the end was told as if it were whole");
    assert!(serde_json::from_str::<Value>(&text).is_err(), "what came reads as if it were whole");
}
