//! No refusal repeats what a caller sent, wherever it stood.

use axum::http::Request;
use proptest::{prelude::*, sample::select};
use serde_json::{Map, Value};
use tokio::runtime::Runtime;

use crate::router::{ask, order};

const CANARY: &str = "kanarienvogel";

/// What messages of `serde` are made of.
const WORDS: &[&str] = &[
    "",
    "`",
    "\"",
    " at line ",
    "expected ",
    ", expected ",
    "unknown field ",
    "/",
    "~",
    "\n",
    "é",
    "app_",
    "2020-01-01T",
    "missing field `",
];

/// The names of fields.
const KNOWN: &[&str] = &[
    "amount", "small", "app", "name", "at", "day", "colour", "lines", "shapes", "counts",
    "anything", "kind", "radius",
];

/// A canary, with such words around it.
fn planted() -> impl Strategy<Value = String> {
    (select(WORDS), select(WORDS), any::<bool>()).prop_map(|(before, after, is_long)| {
        let canary = if is_long { CANARY.repeat(30) } else { CANARY.to_owned() };
        format!("{before}{canary}{after}")
    })
}

/// A name that is known, or not.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![4 => select(KNOWN).prop_map(str::to_owned), 1 => planted()]
}

/// JSON with canaries in keys and values at any depth.
fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => planted().prop_map(Value::String),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => select(&["circle", "red"][..]).prop_map(Value::from),
    ];
    let nested = leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            object(inner),
        ]
    });
    object(nested)
}

fn object(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let pairs = prop::collection::vec((name(), inner), 0..4);
    pairs.prop_map(|it| Value::Object(it.into_iter().collect::<Map<_, _>>()))
}

fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |done, it| done + &format!("%{it:02x}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_refusal_of_a_body_repeats_what_it_said(body in document(), cut in 0..80_usize) {
        let whole = body.to_string();
        let cut = whole.chars().take(whole.chars().count().saturating_sub(cut % 7 * 3)).collect();
        for body in [whole, cut] {
            let answer = Runtime::new().expect("a runtime").block_on(order(body));

            prop_assert!(
                answer.status == 200 || !answer.text.contains(CANARY),
                "{}", answer.text
            );
        }
    }

    #[test]
    fn no_refusal_of_a_query_or_a_path_repeats_what_it_said(
        name in prop_oneof![select(&["after", "limit"][..]).prop_map(str::to_owned), planted()],
        value in planted(),
    ) {
        let (name, value) = (percent_encoded(&name), percent_encoded(&value));
        for place in [format!("/ids?{name}={value}"), format!("/counted?{name}={value}"),
            format!("/things/{value}")]
        {
            let asked = ask(Request::get(&place), "");
            let answer = Runtime::new().expect("a runtime").block_on(asked);

            prop_assert!(answer.status.is_client_error(), "{} {}", place, answer.text);
            prop_assert!(!answer.text.contains(CANARY), "{}", answer.text);
        }
    }
}
