//! Bad input: refused with its place and a code, without an effect, and never repeated.

mod bodies;
mod rules;
mod values;

use serde_json::Value;
use socle_testkit::Answer;

use super::Site;

/// What callers send and must not find again in an answer.
pub(super) const CANARY: &str = "canary@example.org";

/// What a body is refused with: status, code, pointer.
pub(super) type Expected = (u16, &'static str, &'static str);

/// Sends a body that is to be refused, and sees that nothing happened and nothing is repeated.
pub(super) async fn refused(site: &Site, path: &str, body: &Value, expected: Expected) -> Answer {
    let before = site.effects().await;
    let answer = site.post(path, body).await;

    let (status, code, pointer) = expected;
    answer.assert_problem(status, code);
    let pointers = if pointer == "-" { vec![] } else { vec![pointer] };
    assert_eq!(answer.pointers(), pointers, "{body}: {}", answer.text);
    assert!(!answer.text.contains("canary"), "{body} is repeated: {}", answer.text);
    assert_eq!(site.effects().await, before, "{body} had an effect");
    answer
}

/// The body with another value at a pointer.
pub(super) fn with(body: &Value, pointer: &str, value: Value) -> Value {
    let mut body = body.clone();
    let (parent, field) = pointer.rsplit_once('/').expect("a pointer");
    let parent = body.pointer_mut(parent).expect("a place in the body");
    match parent {
        Value::Array(items) => items[field.parse::<usize>().expect("a place")] = value,
        other => other[field] = value,
    }
    body
}
