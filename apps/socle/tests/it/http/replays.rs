//! A request under a key takes effect once, on every route that takes one.

use serde_json::{Value, json};

use super::{
    rows::{Kind, ROWS, Row},
    site::Site,
};

fn keyed() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(|it| it.kind == Kind::DoOnce)
}

/// Asks for something else.
fn altered(mut body: Value) -> Value {
    match body["amount"].as_i64() {
        Some(amount) => body["amount"] = json!(amount + 1),
        None if body["name"].is_null() && body["transactions"].is_null() => {
            body["reason"] = json!("another one");
        }
        None if body["name"].is_null() => body["transactions"][0]["reason"] = json!("another one"),
        None => body["points"] = json!(2),
    }
    body
}

#[test]
fn every_request_with_a_key_is_answered_once_and_then_to_the_letter() {
    let site = Site::shared();
    for row in keyed() {
        let right = site.right(row);
        let first = site.send(row, &right);
        assert!((200..300).contains(&first.status), "{}: {first:?}", row.path);
        assert_eq!(first.header("idempotency-replayed"), None);

        for _ in 0..2 {
            let again = site.send(row, &right);
            assert_eq!((again.status, &again.text), (first.status, &first.text), "{}", row.path);
            assert_eq!(again.header("idempotency-replayed"), Some("true"), "{}", row.path);
        }
    }
}

#[test]
fn a_key_names_one_request_only() {
    let site = Site::shared();
    for row in keyed() {
        let (first, mut other) = (site.right(row), site.right(row));
        if let Some(body) = site.call(row, &site.ours).body {
            other = other.json(&altered(body));
        }
        site.send(row, &first);

        let key = &first.headers.iter().find(|it| it.0 == "Idempotency-Key").unwrap().1;
        let refused = site.send(row, &other.header("Idempotency-Key", key));

        let told = (refused.status, refused.code());
        assert_eq!(told, (422, "ledger.key-reused".to_owned()), "{}", row.path);
    }
}

#[test]
fn every_route_that_takes_a_key_refuses_none_and_one_that_is_no_name() {
    let site = Site::shared();
    let long = "k".repeat(256);
    for row in keyed() {
        let right = site.right(row);
        let none = site.send(row, &right.clone().without("Idempotency-Key"));
        assert_eq!((none.status, none.code()), (400, "web.key-missing".to_owned()));
        for name in ["", " ", "two words", "na\u{ef}ve", &long] {
            let refused = site.send(row, &right.clone().header("Idempotency-Key", name));
            let told = (refused.status, refused.code());
            assert_eq!(told, (400, "web.key-invalid".to_owned()), "{} {name:?}", row.path);
        }
    }
}
