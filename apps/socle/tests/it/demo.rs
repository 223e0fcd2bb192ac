//! The demo, and the looks that it is there for.

use serde_json::json;

use crate::place::{Place, Reply};

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

#[test]
fn the_demo_leaves_customers_of_others_alone() {
    let place = Place::served();
    let purchases = " 00004 1 19970101 2 29.33\n 00018 2 19970118 1 14.96\n";
    place.ask(&["import", "purchases", &place.file("old.txt", purchases)]);
    let before = place.ask(&["ledger", "verify"]);

    let again = place.ask(&["demo"]);

    assert_eq!(again["changed"], false);
    assert_eq!(place.ask(&["ledger", "verify"]), before);
    let expired = "select count(*) from socle_ledger.transfer where kind = 'expire'";
    assert_eq!(place.psql(expired), "1", "of alice alone");
}

#[test]
fn a_demo_that_was_cut_short_goes_on_and_says_so() {
    let place = Place::new();
    place.ask(&["serve", "--detach"]);
    let died = Reply::of(place.command(&["demo"]).env("SOCLE_FAILPOINT", "books.written:15"));
    assert_eq!(died.code, None, "{died:?}");

    let [second, third] = [(); 2].map(|()| place.ask(&["demo"]));

    assert_eq!((&second["changed"], &third["changed"]), (&json!(true), &json!(false)));
    assert_eq!(place.ask(&["ledger", "verify"])["transactions"], 14);
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
