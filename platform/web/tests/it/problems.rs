//! Problem documents.

use axum::http::StatusCode;
use socle_kernel::{Classify, Common, Fault, Kind};
use socle_testkit::golden;
use socle_web::{Json, Problem, Refusal, Replayed, status_named};
use uuid::Uuid;

use crate::router::read;

#[derive(Debug, thiserror::Error)]
#[error("there are {available} available")]
struct Short {
    available: i64,
    replay_of: Option<Uuid>,
}

impl Classify for Short {
    fn class(&self) -> (Kind, &'static str) {
        (Kind::Conflict, "test.short")
    }

    fn replay_of(&self) -> Option<Uuid> {
        self.replay_of
    }
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

#[tokio::test]
async fn a_problem_is_a_document_of_this_form() {
    let short = Problem::from(Short { available: 45, replay_of: None });
    let problem = short.at("/legs/0/amount", "ask for less").of_request(id(1));

    let answer = read(problem).await;

    answer.assert_problem(409, "test.short");
    let pretty = serde_json::to_string_pretty(&answer.body).expect("it is JSON") + "\n";
    golden("tests/it/golden/problem.json", &pretty);
}

#[tokio::test]
async fn the_replay_of_a_refusal_has_the_name_of_the_first_request_and_says_so() {
    let first = Short { available: 45, replay_of: Some(id(1)) };

    let replay = read(Problem::from(first).of_request(id(2))).await;
    let fresh = read(Problem::from(Short { available: 45, replay_of: None })).await;

    assert_eq!(replay.text_of("request_id"), id(1).to_string());
    assert_eq!(replay.header("idempotency-replayed"), Some("true"));
    assert_eq!(fresh.header("idempotency-replayed"), None);
}

#[tokio::test]
async fn the_replay_of_an_answer_says_so_and_the_first_does_not() {
    let given = |is_replay| Replayed { is_replay, body: (StatusCode::CREATED, Json(1)) };

    let (first, again) = (read(given(false)).await, read(given(true)).await);

    assert_eq!((first.status, &first.text), (again.status, &again.text));
    let said = [&first, &again].map(|it| it.header("idempotency-replayed"));
    assert_eq!(said, [None, Some("true")]);
}

#[tokio::test]
async fn what_will_pass_says_when_to_come_back_and_who_is_unknown_how_to_be_known() {
    let away = read(Problem::from(Fault::unavailable("ask", "canary-of-a-cause"))).await;
    let often = read(Problem::from(Common::TooMany { retry_after_s: 7 }).retry_after(7)).await;
    let stopping = read(Problem::from(Refusal::Stopping)).await;
    let unknown = read(Problem::from(Common::Unauthenticated)).await;

    let waits = [&away, &often, &stopping, &unknown].map(|it| it.header("retry-after"));
    assert_eq!(waits, [Some("1"), Some("7"), Some("1"), None]);
    assert_eq!(unknown.header("www-authenticate"), Some("Bearer realm=\"socle\""));
    assert_eq!(often.header("www-authenticate"), None);
}

#[tokio::test]
async fn the_cause_of_a_fault_is_not_told() {
    for fault in [Fault::internal("canary", "canary"), Fault::unavailable("canary", "canary")] {
        let answer = read(Problem::from(fault)).await;

        assert!(answer.status.is_server_error());
        assert!(!answer.text.contains("canary"), "{}", answer.text);
    }
}

#[test]
fn a_status_is_found_by_the_name_of_a_kind_or_its_own() {
    assert_eq!(status_named("Stale"), Some(StatusCode::PRECONDITION_FAILED));
    assert_eq!(status_named("PAYLOAD_TOO_LARGE"), Some(StatusCode::PAYLOAD_TOO_LARGE));
    assert_eq!(status_named("OK"), None);
}
