//! A verification: asked for, done in the background, looked at.

use serde_json::json;
use socle_ledger::{Ledger, VERIFICATIONS_MAX, VerificationState};
use socle_testkit::{Visitor, cx, elsewhere};

use super::Site;

#[tokio::test]
async fn a_verification_is_asked_for_done_and_looked_at() {
    let site = Site::new().await;
    site.earned("demo-alice", "order-1", 2_933).await;

    let asked = site.post("/verify", &json!({})).await;
    let place = asked.assert_status(202).header("location").expect("a place").to_owned();
    let waiting = site.world.get(&site.us, &place).await;
    site.ledger.verify_waiting().await.expect("it is done");
    let done = site.world.get(&site.us, &place).await;

    assert_eq!(
        (&asked.body["state"], &waiting.body["state"]),
        (&json!("waiting"), &json!("waiting"))
    );
    assert_eq!(done.assert_status(200).body["state"], "done");
    assert_eq!(done.body["report"]["transactions"], 1);
    assert_eq!(done.body["report"]["is_conserved"], true);
    assert_eq!(done.body["report"]["differences"], json!([]));
}

#[tokio::test]
async fn damage_is_told_to_its_tenant_alone() {
    let site = Site::new().await;
    site.earned("demo-alice", "order-1", 2_933).await;
    site.world.database.execute("update socle_ledger.purchase set points = 28").await;

    let asked = site.post("/verify", &json!({})).await;
    let there = Visitor::of(elsewhere(&cx()).tenant);
    let theirs = site.world.post(&there, "/v1/ledger/verify", &json!({})).await;
    site.ledger.verify_waiting().await.expect("it is done");

    let ours = site.world.get(&site.us, asked.header("location").expect("a place")).await;
    let theirs = site.world.get(&there, theirs.header("location").expect("a place")).await;
    assert_eq!(ours.body["report"]["differences"][0]["check"], "purchase");
    assert_eq!(theirs.body["report"]["differences"], json!([]));
    assert_eq!(theirs.body["report"]["transactions"], 0);
}

#[tokio::test]
async fn a_verification_whose_process_died_is_done_by_whoever_is_asked_about_it_next() {
    let site = Site::new().await;
    let asked = site.post("/verify", &json!({})).await;
    let place = asked.header("location").expect("a place");
    // Its process dies in the middle, and its lease runs out.
    let dead =
        "update socle_ledger.verification set state = 'running', leased_until = '2000-01-01'";
    site.world.database.execute(dead).await;
    let heir = Ledger::new(site.world.database.db("ledger"));
    heir.verify_waiting().await.expect("nothing waits there");
    assert_eq!(site.effects().await["verification"], 1);

    let id = asked.text_of("id").parse().expect("an identifier");
    let running = heir.verification(&cx(), id).await.expect("it is there");
    heir.verify_waiting().await.expect("it is done");
    let done = site.world.get(&site.us, place).await;

    assert_eq!(running.state, VerificationState::Running);
    assert_eq!(done.body["state"], "done");
}

#[tokio::test]
async fn more_than_a_hundred_waiting_are_refused() {
    let site = Site::new().await;
    for _ in 0..VERIFICATIONS_MAX {
        site.post("/verify", &json!({})).await.assert_status(202);
    }
    let before = site.effects().await;

    let refused = site.post("/verify", &json!({})).await;

    refused.assert_problem(429, "ledger.verifications-waiting");
    assert_eq!(site.effects().await, before);
}
