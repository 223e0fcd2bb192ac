//! `Idempotency-Key`.

use axum::http::{HeaderValue, Request};
use socle_testkit::Answer;

use crate::router::{ask, refused};

async fn keyed(names: &[&[u8]]) -> Answer {
    let request = names.iter().fold(Request::post("/keyed"), |request, name| {
        let name = HeaderValue::from_bytes(name).expect("bytes that a header can have");
        request.header("idempotency-key", name)
    });
    ask(request, "").await
}

#[tokio::test]
async fn a_name_is_1_to_255_visible_characters_and_stands_once() {
    let longest = "k".repeat(255);
    let too_long = "k".repeat(256);

    refused(&keyed(&[]).await, 400, "web.key-missing", &["Idempotency-Key"]);
    let invalid: [&[&[u8]]; 6] = [
        &[b""],
        &[too_long.as_bytes()],
        &[b"two words"],
        &[b"tab\tbed"],
        &["clé".as_bytes()],
        &[b"one", b"two"],
    ];
    for names in invalid {
        refused(&keyed(names).await, 400, "web.key-invalid", &["Idempotency-Key"]);
    }
    for name in ["a", "~!\"#", &longest] {
        let answer = keyed(&[name.as_bytes()]).await;

        assert_eq!(answer.text, format!(" POST /keyed|{name}"));
    }
}
