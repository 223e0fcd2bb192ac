//! The demo, and the looks that it is there for.

use serde_json::json;

use crate::place::Place;

#[test]
fn the_demo_shows_every_feature_and_a_second_run_changes_nothing() {
    let place = Place::served();
    let before = place.ask(&["ledger", "verify"]);

    let again = place.ask(&["demo"]);

    assert_eq!(again["changed"], false);
    assert_eq!(place.ask(&["ledger", "verify"]), before);
    for (customer, [earned, spent, expired, held, available, debt]) in [
        ("demo-alice", [200, 75, 80, 15, 30, 0]),
        ("demo-bob", [60, 60, 0, 0, 0, 35]),
        ("demo-carol", [214, 0, 0, 0, 214, 0]),
        ("demo-dave", [45, 0, 0, 0, 45, 0]),
    ] {
        let it = place.ask(&["ledger", "balance", "--customer", customer]);
        let names = ["earned", "spent", "expired", "held", "available", "debt"];
        let found = names.map(|name| it[name].as_i64().unwrap());
        assert_eq!(found, [earned, spent, expired, held, available, debt], "{customer}");
    }
    the_reports_agree(&place);
}

fn the_reports_agree(place: &Place) {
    let bob = place.ask(&["ledger", "statement", "--customer", "demo-bob"]);
    let entries = bob["entries"].as_array().unwrap().iter();
    let rows: Vec<_> = entries.map(|it| json!([it["kind"], it["amount"], it["balance"]])).collect();
    let expected =
        json!([["earn", 60, 60], ["burn", -60, 0], ["refund", -60, -60], ["earn", 25, -35]]);
    assert_eq!(json!(rows), expected);
    assert_eq!((&bob["opening"], &bob["closing"]), (&json!(0), &json!(-35)));

    let expiring = place.ask(&["ledger", "expiring", "--days", "30"]);
    assert_eq!(expiring["points"], 45);
    let trial = place.ask(&["ledger", "trial-balance"]);
    assert_eq!((&trial["balanced"], &trial["assets"][0]["debit"]), (&json!(true), &json!(519)));
    let liability = place.ask(&["ledger", "liability"]);
    let today = liability["days"].as_array().unwrap().last().unwrap();
    assert_eq!((&today["points"], &today["value"]), (&json!(304), &json!(304)));
    assert_eq!(place.ask(&["ledger", "expire"])["transactions"], 0);

    let text = place.run(&["ledger", "trial-balance"]).stdout;
    assert!(text.contains("519     519") && text.contains("It sums to zero."), "{text}");
}
