//! Keys and tenants on the command line, and what they open over HTTP.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use serde_json::{Value, json};

use crate::place::Place;

/// The status of `GET path` with a key.
fn status(served: &Value, path: &str, key: &str) -> String {
    let address = served["url"].as_str().unwrap().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\
         Connection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().to_owned()
}

fn secret(issued: &Value) -> String {
    issued["secret"].as_str().unwrap().to_owned()
}

#[test]
fn a_key_is_shown_once_opens_what_it_may_and_ends_at_once() {
    let place = Place::new();
    let served = place.ask(&["serve", "--detach"]);
    place.ask(&["demo"]);

    let reading = place.ask(&["key", "issue", "reader", "--scope", "ledger:read", "--days", "1"]);
    let listed = place.ask(&["key", "list"]);

    let key = secret(&reading);
    assert_eq!(reading["scopes"], json!(["ledger:read"]));
    assert!(listed["keys"][0].get("secret").is_none(), "{listed}");
    let prefix = listed["keys"][0]["prefix"].as_str().unwrap();
    assert!(key.starts_with(prefix) && prefix.len() < key.len());
    assert_eq!(status(&served, "/v1/ledger/programmes", &key), "200");
    assert_eq!(status(&served, "/v1/auth/keys", &key), "403");

    // Another process ends it; the server honours it no more when that has answered.
    place.ask(&["key", "revoke", reading["id"].as_str().unwrap()]);
    assert_eq!(status(&served, "/v1/ledger/programmes", &key), "401");
}

#[test]
fn a_rotated_key_goes_on_as_long_as_was_said() {
    let place = Place::new();
    let served = place.ask(&["serve", "--detach"]);
    place.ask(&["demo"]);
    let first = place.ask(&["key", "issue", "shop"]);
    let id = first["id"].as_str().unwrap();

    let second = place.ask(&["key", "rotate", id, "--overlap", "3600"]);
    let third = place.ask(&["key", "rotate", second["id"].as_str().unwrap()]);

    let opens = |of: &Value| status(&served, "/v1/auth/tenant", &secret(of));
    assert_eq!((opens(&first), opens(&second), opens(&third)), three("200", "401", "200"));
    place.run(&["key", "rotate", id]).refused(1, &["rotate the one that took its place"]);
    place.run(&["key", "issue", "shop"]).refused(1, &["another key has this name"]);
    place.run(&["key", "issue", "odd", "--scope", "ledger:own"]).refused(2, &["no such scope"]);
    place.run(&["key", "revoke", "key"]).refused(2, &["key list"]);
}

fn three(one: &str, two: &str, three: &str) -> (String, String, String) {
    (one.to_owned(), two.to_owned(), three.to_owned())
}

#[test]
fn a_tenant_is_suspended_resumed_let_go_restored_and_erased() {
    let place = Place::new();
    let served = place.ask(&["serve", "--detach"]);
    place.ask(&["demo"]);
    place.ask(&["tenant", "create", "shop"]);
    let key = secret(&place.ask(&["key", "issue", "first", "--tenant", "shop"]));
    let stays = secret(&place.ask(&["key", "issue", "first"]));
    let opens = |key: &str| status(&served, "/v1/auth/tenant", key);

    assert_eq!(place.ask(&["tenant", "suspend", "shop"])["state"], "suspended");
    assert_eq!(opens(&key), "403");
    assert_eq!(place.ask(&["tenant", "resume", "shop"])["state"], "active");
    assert_eq!(place.ask(&["tenant", "delete", "shop"])["state"], "leaving");
    assert_eq!(opens(&key), "403");
    assert_eq!(place.ask(&["tenant", "erase"])["erased"], json!([]), "its grace is not over");
    assert_eq!(place.ask(&["tenant", "restore", "shop"])["state"], "active");
    place.ask(&["ledger", "programme", "define", "points", "--tenant", "shop"]);
    place.ask(&["tenant", "delete", "shop", "--grace", "0"]);

    assert_eq!(place.ask(&["tenant", "erase"])["erased"], json!(["shop"]));

    assert_eq!((opens(&key), opens(&stays)), ("401".to_owned(), "200".to_owned()));
    let left = "select (select count(*) from socle_ledger.account a join socle_auth.tenant t
                        on t.id = a.tenant_id where t.handle = 'shop')
                     + (select count(*) from socle_auth.api_key a join socle_auth.tenant t
                        on t.id = a.tenant_id where t.handle = 'shop')";
    assert_eq!(place.psql(left), "0");
    place.run(&["tenant", "create", "shop"]).refused(1, &["has or had this handle"]);
    assert_eq!(place.ask(&["ledger", "verify"])["differences"], json!([]));
}

#[test]
fn the_program_tells_its_routes_modules_codes_and_completions_without_a_database() {
    let place = Place::new();

    let document = place.ask(&["openapi"]);
    let modules = place.ask(&["modules"]);
    let codes = place.ask(&["errors"]);
    let script = place.run(&["completions", "bash"]);

    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["paths"]["/v1/ledger/earn"]["post"].is_object());
    assert_eq!(modules["modules"][1]["schema"], "socle_ledger");
    let all = codes["codes"].as_array().unwrap();
    let insufficient = all.iter().find(|it| it["code"] == "ledger.insufficient").unwrap();
    assert_eq!(insufficient["status"], 409);
    assert!(script.stdout.contains("complete -F _socle"), "{script:?}");
    assert!(!place.data().exists(), "nothing was made");
}

#[test]
fn a_tenant_lives_by_the_clock_that_was_named() {
    let place = Place::new();
    let made = place.ask(&["tenant", "create", "shop", "--zone", "Europe/Paris"]);

    let moved = place.ask(&["tenant", "zone", "shop", "America/New_York"]);
    let listed = place.ask(&["tenant", "list"]);

    assert_eq!(
        (&made["zone"], &moved["zone"]),
        (&json!("Europe/Paris"), &json!("America/New_York"))
    );
    assert_eq!(listed["tenants"][0]["zone"], "America/New_York");
    place.run(&["tenant", "zone", "shop", "Mars/Olympus"]).refused(2, &["no such time zone"]);
    place.run(&["tenant", "create", "other", "--zone", ""]).refused(2, &["zone"]);
}
