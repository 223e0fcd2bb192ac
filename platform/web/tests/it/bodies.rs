//! Bodies that are no JSON, or not the JSON that is taken.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    body::{Body, Bytes},
    http::{Request, header},
};
use futures_util::stream;
use serde_json::json;

use crate::router::{BODY_BYTES_MAX, ask, order, refused};

#[tokio::test]
async fn a_body_that_is_no_json_is_malformed() {
    let deep = format!(r#"{{"anything":{}{}}}"#, "[".repeat(200), "]".repeat(200));
    let bodies: [&[u8]; 10] = [
        b"",
        b"   ",
        b"{",
        br#"{"amount":1"#,
        br#"{"amount":1}}"#,
        br#"{"amount":1} 2"#,
        br#"{"amount":01}"#,
        br#"{"amount":1e999}"#,
        b"{\"anything\":\"\xff\xfe\"}",
        deep.as_bytes(),
    ];
    for body in bodies {
        let answer = order(body.to_vec()).await;

        refused(&answer, 400, "web.body-malformed", &[]);
    }
}

#[tokio::test]
async fn a_part_that_is_not_what_is_taken_is_pointed_at_with_what_is() {
    for (body, pointer, says) in [
        (json!({ "amount": 1.5 }), "/amount", "expected i64"),
        (json!({ "amount": u64::MAX }), "/amount", "expected i64"),
        (json!({ "amount": "1" }), "/amount", "expected i64"),
        (json!({ "amount": null }), "/amount", "expected i64"),
        (json!({ "small": 256 }), "/small", "expected u8"),
        (json!({ "small": -1 }), "/small", "expected u8"),
        (
            json!({ "app": "app_1" }),
            "/app",
            "an identifier here reads `app_` and 32 hexadecimal digits",
        ),
        (json!({ "name": " " }), "/name", "it cannot be empty"),
        (json!({ "name": "123456789" }), "/name", "it has at most 8 characters"),
        (json!({ "colour": "blue" }), "/colour", "expected `red` or `green`"),
        (json!({ "colour": ["red"] }), "/colour", "expected a text"),
        (json!({ "lines": [{ "amount": 1 }, {}] }), "/lines/1", "missing field `amount`"),
        (json!({ "lines": [{ "amount": [] }] }), "/lines/0/amount", "expected i64"),
        (json!({ "lines": {} }), "/lines", "expected a sequence"),
        (
            json!({ "lines": [{ "amount": 1, "x": 1 }] }),
            "/lines/0",
            "a field is not known; expected `amount`",
        ),
        (json!({ "counts": { "mine": "x" } }), "/counts", "expected i64"),
        (json!([1]), "", "expected an object"),
        (json!("text"), "", "expected struct Order"),
    ] {
        let answer = order(body.to_string()).await;

        refused(&answer, 422, "web.body-invalid", &[pointer]);
        assert_eq!(answer.body["errors"][0]["detail"], says, "{body}");
    }
}

#[tokio::test]
async fn a_key_that_stands_twice_is_refused_wherever_it_stands() {
    for (body, pointer) in [
        (r#"{"amount":1,"amount":1}"#, ""),
        (r#"{"lines":[{"amount":1,"amount":2}]}"#, "/lines/0"),
        (r#"{"counts":{"a":1,"a":2}}"#, ""),
        (r#"{"anything":[{"deep":{"a":1,"\u0061":2}}]}"#, ""),
    ] {
        let answer = order(body).await;

        refused(&answer, 422, "web.body-invalid", &[pointer]);
    }
}

#[tokio::test]
async fn a_field_that_nobody_knows_cannot_smuggle_its_name_into_what_is_said() {
    for name in ["zz expected canary", "x at line canary", "a`, expected canary", "a/canary~"] {
        let answer = order(json!({ name: 1 }).to_string()).await;

        refused(&answer, 422, "web.body-invalid", &[""]);
        assert!(!answer.text.contains("canary"), "{}", answer.text);
        assert!(answer.text.contains("`amount`, `small`"), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_body_that_is_called_something_else_is_not_read() {
    for kind in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("")] {
        let request = Request::post("/orders");
        let request = kind.into_iter().fold(request, |it, kind| it.header("content-type", kind));
        let answer = ask(request, "{}").await;

        refused(&answer, 415, "web.not-json", &[]);
    }
    for kind in ["application/json", "Application/JSON; charset=utf-8"] {
        let request = Request::post("/orders").header(header::CONTENT_TYPE, kind);

        ask(request, "{}").await.assert_status(200);
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_while_it_comes() {
    let sent = Arc::new(AtomicUsize::new(0));
    let counting = sent.clone();
    let endless = stream::repeat_with(move || {
        counting.fetch_add(1024, Ordering::Relaxed);
        Ok::<_, Infallible>(Bytes::from_static(&[b' '; 1024]))
    });

    let answer = order(Body::from_stream(endless)).await;

    refused(&answer, 413, "web.body-too-large", &[]);
    assert!(sent.load(Ordering::Relaxed) <= BODY_BYTES_MAX + 2048, "it has read on");
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_read() {
    let padded = |bytes: usize| format!("{{}}{}", " ".repeat(bytes - 2));

    order(padded(BODY_BYTES_MAX)).await.assert_status(200);
    order(padded(BODY_BYTES_MAX + 1)).await.assert_status(413);
}

#[tokio::test]
async fn a_body_that_breaks_off_was_cut_short() {
    let parts = [Ok(Bytes::from_static(b"{")), Err(std::io::Error::other("gone"))];

    let answer = order(Body::from_stream(stream::iter(parts))).await;

    refused(&answer, 400, "web.body-cut-short", &[]);
}
