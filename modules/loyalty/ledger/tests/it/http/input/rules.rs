//! What is well formed and against a rule.

use serde_json::json;

use super::{
    super::{Site, earning, moving, nobody, rules},
    CANARY, refused, with,
};

const INVALID: &str = "web.body-invalid";

#[tokio::test]
async fn a_purchase_is_in_the_programme_s_currency() {
    let site = Site::new().await;
    let earn = earning("demo-alice", "order-1", 1_000);

    let euros = with(&earn, "/currency", json!("EUR"));
    refused(&site, "/earn", &euros, (422, "ledger.currency-differs", "/currency")).await;
    for currency in ["usd", "US", "CANARY", "", "canary"] {
        let wrong = with(&earn, "/currency", json!(currency));
        refused(&site, "/earn", &wrong, (422, INVALID, "/currency")).await;
    }
    site.earned("demo-alice", "order-1", 1_000).await;
    let refund = json!({ "purchase": "order-1", "amount": 1, "currency": "EUR" });
    refused(&site, "/refund", &refund, (422, "ledger.currency-differs", "/currency")).await;
    let unknown = json!({ "purchase": CANARY, "amount": 1, "currency": "USD" });
    refused(&site, "/refund", &unknown, (404, "not-found", "/purchase")).await;
    let programme = with(&earn, "/programme", json!(nobody("prog")));
    refused(&site, "/earn", &programme, (404, "not-found", "/programme")).await;
}

#[tokio::test]
async fn a_customer_who_was_never_heard_of_has_nothing_to_spend() {
    let site = Site::new().await;
    let burn = json!({ "customer": CANARY, "points": 1 });
    let take = json!({ "customer": CANARY, "points": -1, "reason": "a mistake" });

    let expected = (404, "ledger.account-unknown", "/customer");
    refused(&site, "/burn", &burn, expected).await;
    refused(&site, "/burn:preview", &burn, expected).await;
    refused(&site, "/adjust", &take, (409, "ledger.insufficient", "/points")).await;
}

#[tokio::test]
async fn a_transaction_balances_between_accounts_that_are_there() {
    let site = Site::new().await;
    let (a, b) = (site.opened("a", "USD").await, site.opened("b", "USD").await);
    let euros = site.opened("a", "EUR").await;
    let body = moving(&a, &b, 5);
    let unknown = ("ledger.account-unknown", nobody("acc"));

    for (place, value, code, pointer) in [
        ("/legs/0/account", json!(unknown.1), unknown.0, "/legs/0/account"),
        ("/legs/1/account", json!(unknown.1), unknown.0, "/legs/1/account"),
        ("/legs/1/overflow", json!(unknown.1), unknown.0, "/legs/1/overflow"),
    ] {
        refused(&site, "/transactions", &with(&body, place, value), (404, code, pointer)).await;
    }
    for (place, value, code, pointer) in [
        ("/legs/1/account", json!(euros), "ledger.unbalanced", "/legs"),
        ("/legs/1/account", json!(a), "ledger.legs", "/legs"),
        ("/legs/1/amount", json!(6), "ledger.unbalanced", "/legs"),
        ("/legs", json!([]), "ledger.legs", "/legs"),
        ("/legs/1/account", json!(CANARY), INVALID, "/legs/1/account"),
        (
            "/legs/1/account",
            json!("txn_01980000000070008000000000000001"),
            INVALID,
            "/legs/1/account",
        ),
        ("/legs/1/canary", json!(1), INVALID, "/legs/1"),
        ("/kind", json!("earn"), "ledger.kind-reserved", "/kind"),
        ("/kind", json!("expire"), "ledger.kind-reserved", "/kind"),
        ("/kind", json!("a canary"), INVALID, "/kind"),
    ] {
        refused(&site, "/transactions", &with(&body, place, value), (422, code, pointer)).await;
    }
    let hold = json!({
        "kind": "deposit", "account": a, "counter": nobody("acc"), "amount": 1,
        "expires_at": "2100-01-01T00:00:00Z",
    });
    refused(&site, "/holds", &hold, (404, "ledger.account-unknown", "/counter")).await;
    let mixed = with(&hold, "/counter", json!(euros));
    refused(&site, "/holds", &mixed, (422, "ledger.assets-differ", "/counter")).await;
    let reserved = with(&hold, "/kind", json!("refund"));
    refused(&site, "/holds", &reserved, (422, "ledger.kind-reserved", "/kind")).await;
}

#[tokio::test]
async fn an_account_is_nobody_else_s_and_well_described() {
    let site = Site::new().await;
    let body = json!({ "owner": "till:7", "purpose": "cash", "asset": "USD", "side": "debit" });

    for owner in ["customer:canary", "programme:canary"] {
        let reserved = with(&body, "/owner", json!(owner));
        refused(&site, "/accounts", &reserved, (422, "ledger.owner-reserved", "/owner")).await;
    }
    for (place, value) in [
        ("/asset", json!("canary €")),
        ("/side", json!("canary")),
        ("/owner", json!("\u{0}canary")),
        ("/purpose", json!("canary".repeat(9))),
        ("/floor", json!(0.5)),
        ("/floor", json!(1)),
        ("/ceiling", json!(-1)),
        ("/expires_to", json!("canary")),
    ] {
        refused(&site, "/accounts", &with(&body, place, value), (422, INVALID, place)).await;
    }
    site.post("/accounts", &body).await.assert_status(200);
    let differs = with(&body, "/floor", json!(0));
    refused(&site, "/accounts", &differs, (409, "ledger.account-differs", "-")).await;
}

#[tokio::test]
async fn a_programme_makes_sense() {
    let site = Site::new().await;
    let body = rules("Miles");

    for (place, value) in [
        ("/name", json!("")),
        ("/currency", json!("canary")),
        ("/points", json!(-1)),
        ("/points", json!(4_294_967_296_i64)),
        ("/per_units", json!("canary")),
        ("/rounding", json!("canary")),
        ("/minimum", json!(0.1)),
        ("/life_months", json!(65_536)),
    ] {
        refused(&site, "/programmes", &with(&body, place, value), (422, INVALID, place)).await;
    }
    for (place, value) in [
        ("/points", json!(0)),
        ("/per_units", json!(0)),
        ("/minimum", json!(-1)),
        ("/worth", json!(-1)),
        ("/life_months", json!(0)),
    ] {
        let wrong = with(&body, place, value);
        refused(&site, "/programmes", &wrong, (422, "ledger.programme-invalid", "-")).await;
    }
    let taken = rules("Points");
    refused(&site, "/programmes", &taken, (409, "ledger.programme-name-taken", "/name")).await;
}

#[tokio::test]
async fn an_adjustment_has_a_reason_and_a_batch_its_limit() {
    let site = Site::new().await;
    let adjust = json!({ "customer": "demo-alice", "points": 1 });
    refused(&site, "/adjust", &adjust, (422, INVALID, "")).await;
    let blank = json!({ "customer": "demo-alice", "points": 1, "reason": "  " });
    refused(&site, "/adjust", &blank, (422, INVALID, "/reason")).await;
    let (a, b) = (site.opened("a", "USD").await, site.opened("b", "USD").await);

    let batch = json!({ "transactions": vec![moving(&a, &b, 1); 8_001] });

    let expected = (422, "ledger.batch-too-large", "/transactions");
    refused(&site, "/transactions:batch", &batch, expected).await;
}
