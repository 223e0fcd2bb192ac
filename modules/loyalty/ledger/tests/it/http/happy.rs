//! Every route does what it says.

use serde_json::json;

use super::{Site, moving, rules};

#[tokio::test]
async fn a_merchant_earns_looks_spends_and_refunds() {
    let site = Site::new().await;

    let earned = site.earned("demo-alice", "order-1001", 2_933).await;
    let transaction = &earned.body["transaction"];
    assert_eq!((&transaction["kind"], &transaction["number"]), (&json!("earn"), &json!(1)));
    assert_eq!(transaction["actor"]["kind"], "app");
    let balance = site.get("/balance?customer=demo-alice").await;
    assert_eq!(balance.body["earned"], 29);
    assert_eq!(balance.body["available"], 29);

    let preview = json!({ "customer": "demo-alice", "points": 20 });
    let preview = site.post("/burn:preview", &preview).await;
    preview.assert_status(200);
    assert_eq!(preview.body["lots"][0]["points"], 20);
    assert_eq!(preview.body["lots"][0]["transaction"], transaction["id"]);
    assert_eq!(site.available("demo-alice").await, 29, "looking changes nothing");

    let metadata = json!({ "till": "7" });
    let burn = json!({
        "customer": "demo-alice", "points": 20, "reason": "a coffee", "metadata": metadata,
    });
    let burnt = site.post("/burn", &burn).await;
    burnt.assert_status(200);
    assert_eq!((&burnt.body["reason"], &burnt.body["metadata"]), (&json!("a coffee"), &metadata));
    assert_eq!(site.available("demo-alice").await, 9);
    let lots = site.get("/lots?customer=demo-alice").await;
    assert_eq!(lots.body["items"][0]["free"], 9);

    let refund = json!({ "purchase": "order-1001", "amount": 500, "currency": "USD" });
    let refunded = site.post("/refund", &refund).await;
    refunded.assert_status(200);
    assert_eq!(refunded.body["purchase"], earned.body["purchase"]);
    assert_eq!(refunded.body["transaction"]["kind"], "refund");
    let purchase = site.get(&format!("/purchases/{}", earned.text_of("purchase"))).await;
    assert_eq!((&purchase.body["refunded"], &purchase.body["points"]), (&json!(500), &json!(29)));

    let adjust = json!({ "customer": "demo-alice", "points": 50, "reason": "goodwill" });
    let adjusted = site.post("/adjust", &adjust).await;
    assert_eq!(adjusted.assert_status(200).body["kind"], "adjust");
    assert_eq!(site.available("demo-alice").await, 54);
}

#[tokio::test]
async fn a_purchase_is_refunded_by_its_identifier_too_and_one_of_no_points_moves_none() {
    let site = Site::new().await;
    let earned = site.earned("demo-alice", "order-1", 99).await;
    assert_eq!(earned.body.get("transaction"), None, "99 cents earn no point");

    let purchase = earned.text_of("purchase");
    let refund = json!({ "purchase": purchase, "amount": 99, "currency": "USD" });
    let refunded = site.post("/refund", &refund).await;

    assert_eq!(refunded.assert_status(200).body, json!({ "purchase": purchase }));
}

#[tokio::test]
async fn a_programme_is_named_where_there_are_several() {
    let site = Site::empty().await;
    let earn = super::earning("demo-alice", "order-1", 1_000);
    site.post("/earn", &earn).await.assert_problem(422, "ledger.programme-missing");
    let first = site.post("/programmes", &rules("Points")).await;
    let second = site.post("/programmes", &rules("Miles")).await;
    first.assert_status(201);

    let ambiguous = site.post("/earn", &earn).await;
    ambiguous.assert_problem(422, "ledger.programme-ambiguous");
    assert_eq!(ambiguous.pointers(), ["/programme"]);
    let mut named = earn.clone();
    named["programme"] = second.body["id"].clone();
    for _ in 0..2 {
        site.post("/earn", &named).await.assert_status(200);
    }

    let id = second.text_of("id");
    let balance = site.get(&format!("/balance?customer=demo-alice&programme={id}")).await;
    assert_eq!(balance.body["available"], 10, "the same purchase earns once");
    let all = site.get("/programmes").await;
    assert_eq!(all.body["items"], json!([first.body, second.body]));
    assert_eq!(site.get(&format!("/programmes/{id}")).await.body, second.body);
    site.get("/balance?customer=demo-alice")
        .await
        .assert_problem(422, "ledger.programme-ambiguous");
}

#[tokio::test]
async fn accounts_are_opened_used_looked_at_and_closed() {
    let site = Site::new().await;
    let (till, sales) = (site.opened("till:7", "USD").await, site.opened("sales", "USD").await);
    assert_eq!(site.opened("till:7", "USD").await, till, "opening again changes nothing");

    let transaction = site.moved(&till, &sales, 500).await;
    let account = site.get(&format!("/accounts/{sales}")).await;
    assert_eq!((&account.body["balance"], &account.body["entries"]), (&json!(500), &json!(1)));
    let entries = site.get(&format!("/accounts/{sales}/entries")).await;
    assert_eq!(entries.body["items"][0]["transaction"], json!(transaction));
    assert_eq!(entries.body["items"][0]["balance"], 500);
    let before = site.get(&format!("/accounts/{sales}/balance?at=2001-01-01")).await;
    let now = site.get(&format!("/accounts/{sales}/balance")).await;
    assert_eq!((&before.body["balance"], &now.body["available"]), (&json!(0), &json!(500)));

    let not_empty = site.post(&format!("/accounts/{sales}/close"), &json!({})).await;
    not_empty.assert_problem(409, "ledger.account-not-empty");
    let undo = site.post(&format!("/transactions/{transaction}/reverse"), &json!({})).await;
    assert_eq!(undo.assert_status(200).body["reverses"], json!(transaction));
    let closed = site.post(&format!("/accounts/{sales}/close"), &json!({})).await;
    assert_eq!(closed.assert_status(200).body, json!({ "id": sales }));
    let late = site.post("/transactions", &moving(&till, &sales, 500)).await;
    late.assert_problem(409, "ledger.account-closed");
    assert_eq!(late.pointers(), ["/legs/1/account"]);
}

#[tokio::test]
async fn transactions_are_found_by_identifier_metadata_and_journal() {
    let site = Site::new().await;
    let (a, b) = (site.opened("a", "USD").await, site.opened("b", "USD").await);
    let mut body = moving(&a, &b, 500);
    body["metadata"] = json!({ "till": "7", "shift": "early" });

    let posted = site.post("/transactions", &body).await;

    let posted = posted.assert_status(201).body.clone();
    let id = posted["id"].as_str().expect("an identifier");
    assert_eq!(site.get(&format!("/transactions/{id}")).await.body, posted);
    let found = site.get("/transactions?key=till&value=7").await;
    assert_eq!(found.body["items"], json!([posted]));
    assert_eq!(site.get("/transactions?key=till&value=8").await.body["items"], json!([]));
    assert_eq!(site.get("/journal").await.body["items"], json!([posted]));
}

#[tokio::test]
async fn a_batch_tells_what_became_of_each() {
    let site = Site::new().await;
    let (a, b) = (site.opened("a", "USD").await, site.opened("b", "USD").await);
    let unknown = super::nobody("acc");
    let mut reserved = moving(&a, &b, 1);
    reserved["kind"] = json!("earn");
    let transactions =
        json!([moving(&a, &b, 5), moving(&a, &unknown, 5), reserved, moving(&b, &a, 2)]);

    let answer = site.post("/transactions:batch", &json!({ "transactions": transactions })).await;

    answer.assert_status(200);
    let outcomes = answer.body["outcomes"].as_array().expect("outcomes");
    assert_eq!(outcomes[0]["transaction"]["legs"][1]["balance"], 5);
    assert_eq!(outcomes[1]["problem"]["code"], "ledger.account-unknown");
    let place = &outcomes[1]["problem"]["errors"][0]["pointer"];
    assert_eq!(place, "/transactions/1/legs/1/account");
    assert_eq!(outcomes[2]["problem"]["code"], "ledger.kind-reserved");
    assert_eq!(outcomes[3]["transaction"]["legs"][1]["balance"], -3);
}

#[tokio::test]
async fn a_hold_is_placed_looked_at_captured_and_voided() {
    let site = Site::new().await;
    let (a, b) = (site.opened("a", "USD").await, site.opened("b", "USD").await);
    let hold = json!({
        "kind": "deposit", "account": a, "counter": b, "amount": 100,
        "expires_at": "2100-01-01T00:00:00Z",
    });

    let placed = site.post("/holds", &hold).await;
    let id = placed.assert_status(201).text_of("id").to_owned();
    let captured = site.post(&format!("/holds/{id}/capture"), &json!({ "amount": 30 })).await;
    let half = site.get(&format!("/holds/{id}")).await;
    let voided = site.post(&format!("/holds/{id}/void"), &json!({})).await;
    let late = site.post(&format!("/holds/{id}/capture"), &json!({})).await;

    assert_eq!(captured.assert_status(200).body["hold"], json!(id));
    let state = (&half.body["state"], &half.body["captured"], &half.body["left"]);
    assert_eq!(state, (&json!("open"), &json!(30), &json!(70)));
    assert_eq!(voided.assert_status(200).body, json!({ "id": id }));
    assert_eq!(site.get(&format!("/holds/{id}")).await.body["state"], "voided");
    late.assert_problem(409, "ledger.hold-ended");
}

#[tokio::test]
async fn a_merchant_reports_what_it_owes() {
    let site = Site::new().await;
    let earned = site.earned("demo-alice", "order-1", 2_900).await;
    let today = &earned.body["transaction"]["recorded_at"].as_str().expect("a moment")[..10];

    let trial = site.get("/trial-balance").await;
    let liability = site.get(&format!("/liability?from={today}&to={today}")).await;
    let soon = site.get("/expiring").await;
    let late = site.get("/expiring?days=366").await;

    let items = trial.assert_status(200).body["items"].as_array().expect("totals").clone();
    let balances = items.iter().map(|it| it["balance"].as_i64().expect("a number"));
    assert_eq!(balances.sum::<i64>(), 0);
    assert!(items.iter().any(|it| it["purpose"] == "points" && it["balance"] == 29));
    liability.assert_status(200);
    assert_eq!(liability.body["items"][0]["points"], 29);
    assert_eq!(liability.body["items"][0]["value"], 29);
    assert_eq!(soon.assert_status(200).body["items"], json!([]));
    assert_eq!(late.assert_status(200).body["items"][0]["points"], 29);
}
