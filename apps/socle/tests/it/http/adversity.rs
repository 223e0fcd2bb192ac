//! What happens to callers when the world is against them: many at once, a database that is slow or
//! gone, a process that is told to stop.

use std::{
    process::Command,
    thread,
    time::{Duration, Instant},
};

use serde_json::json;
use socle_db::server::{Folder, Server, Settings};
use sqlx::{Connection, PgConnection};

use super::client::{Answer, Ask, Client};
use crate::place::Place;

/// Within a request's deadline, and what a loaded machine adds.
const AT_THE_LATEST: Duration = Duration::from_secs(15);

/// Keeps every reader and writer of the books away, while its transaction is open.
const LOCK: &str =
    "begin; lock table socle_ledger.account, socle_ledger.rollup in access exclusive mode";

fn earn(key: &str, name: &str) -> Ask {
    let body = json!({
        "customer": "demo-alice", "purchase": name, "amount": 2_933, "currency": "USD",
    });
    Ask::new("POST", "/v1/ledger/earn").key(key).header("Idempotency-Key", name).json(&body)
}

fn programmes(key: &str) -> Ask {
    Ask::get("/v1/ledger/programmes").key(key)
}

fn balance(key: &str) -> Ask {
    Ask::get("/v1/ledger/balance?customer=demo-alice").key(key)
}

/// A session of the administrator that keeps everybody else away from the books.
async fn lock(place: &Place) -> PgConnection {
    let url = place.ask(&["status"])["database_url"].as_str().unwrap().to_owned();
    let mut session = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(LOCK).execute(&mut session).await.unwrap();
    session
}

/// A refusal that says to come back, in time.
#[track_caller]
fn assert_comes_back(answer: &Answer, began: Instant) {
    answer.assert_status(503);
    assert!(["unavailable", "web.too-slow"].contains(&answer.code().as_str()), "{answer:?}");
    assert!(answer.header("retry-after").is_some(), "{answer:?}");
    assert!(began.elapsed() < AT_THE_LATEST, "{:?}", began.elapsed());
}

#[test]
fn of_100_parallel_requests_under_one_key_one_takes_effect_and_all_are_answered_alike() {
    let place = Place::new();
    let client = Client::new(&place.serve());
    place.ask(&["demo"]);
    let ask = earn(&place.key("demo", &["first"]), "order-1001");
    let before = place.ask(&["ledger", "verify"])["transactions"].as_u64().unwrap();

    let answers: Vec<Answer> = thread::scope(|scope| {
        let all: Vec<_> = (0..100).map(|_| scope.spawn(|| client.send(&ask))).collect();
        all.into_iter().map(|it| it.join().unwrap()).collect()
    });

    let first = &answers[0];
    first.assert_status(200);
    assert!(answers.iter().all(|it| (it.status, &it.text) == (200, &first.text)), "{answers:?}");
    let replays = answers.iter().filter(|it| it.header("idempotency-replayed").is_some());
    assert_eq!(replays.count(), 99);
    let verdict = place.ask(&["ledger", "verify"]);
    assert_eq!(
        (&verdict["transactions"], &verdict["differences"]),
        (&json!(before + 1), &json!([]))
    );
}

#[tokio::test]
async fn while_the_database_is_slow_requests_end_at_their_deadline_and_take_effect_once() {
    let place = Place::new();
    let client = Client::new(&place.serve());
    place.ask(&["demo"]);
    let key = place.key("demo", &["first"]);
    let earned = client.send(&balance(&key)).json()["earned"].as_i64().unwrap();
    let held = lock(&place).await;

    let began = Instant::now();
    let (read, written) = thread::scope(|scope| {
        let read = scope.spawn(|| client.send(&balance(&key)));
        let written = scope.spawn(|| client.send(&earn(&key, "order-1")));
        (read.join().unwrap(), written.join().unwrap())
    });

    assert_comes_back(&read, began);
    assert_comes_back(&written, began);
    held.close().await.unwrap();
    client.send(&earn(&key, "order-1")).assert_status(200);
    assert_eq!(client.send(&balance(&key)).json()["earned"], json!(earned + 29), "once");
}

#[tokio::test]
async fn a_database_that_is_gone_is_told_of_and_found_again_without_a_restart() {
    let (host, mut place) = (Place::new(), Place::new());
    let folder = Folder::try_new(host.data()).unwrap();
    let server = Server::start(&folder, &Settings::default()).await.unwrap();
    place.variables.push(("DATABASE_URL", server.url("postgres")));
    let client = Client::new(&place.serve());
    place.ask(&["demo"]);
    let key = place.key("demo", &["first"]);
    client.send(&programmes(&key)).assert_status(200);

    server.stop().await.unwrap();
    let began = Instant::now();
    assert_comes_back(&client.send(&programmes(&key)), began);
    let began = Instant::now();
    assert_comes_back(&client.send(&earn(&key, "order-1")), began);
    client.send(&Ask::get("/ready")).assert_status(503);
    client.send(&Ask::get("/health")).assert_status(200);
    let server = Server::start(&folder, &Settings::default()).await.unwrap();

    client.send(&programmes(&key)).assert_status(200);
    client.send(&earn(&key, "order-1")).assert_status(200);
    client.send(&Ask::get("/ready")).assert_status(200);
    assert_eq!(place.ask(&["ledger", "verify"])["differences"], json!([]));
    place.ask(&["stop"]);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn told_to_stop_it_finishes_what_has_begun_and_sends_others_away() {
    let place = Place::new();
    let served = place.ask(&["serve", "--detach"]);
    let client = Client::new(served["url"].as_str().unwrap());
    place.ask(&["demo"]);
    let key = place.key("demo", &["first"]);
    let mut held = lock(&place).await;
    let waiting = thread::spawn({
        let (client, ask) = (client.clone(), earn(&key, "order-1"));
        move || client.send(&ask)
    });
    let waits = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'";
    let began = Instant::now();
    while sqlx::query_scalar::<_, i64>(waits).fetch_one(&mut held).await.unwrap() == 0 {
        assert!(began.elapsed() < AT_THE_LATEST, "nothing waits");
    }

    let told = Command::new("kill").args(["-TERM", &served["pid"].to_string()]).status();
    assert!(told.unwrap().success());
    let away = loop {
        let answer = client.send(&Ask::get("/health"));
        if answer.status != 200 {
            break answer;
        }
        assert!(began.elapsed() < AT_THE_LATEST, "it goes on");
    };
    held.close().await.unwrap();

    away.assert_status(503);
    assert_eq!((away.code().as_str(), away.header("retry-after")), ("web.stopping", Some("1")));
    waiting.join().unwrap().assert_status(200);
    while place.ask(&["status"])["running"] == json!(true) {
        assert!(began.elapsed() < 4 * AT_THE_LATEST, "it has not ended");
    }
    client.try_send(&Ask::get("/health")).expect_err("nobody listens any more");
}
