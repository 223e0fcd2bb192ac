//! A verification: asked for, done as a job, looked at.

use serde_json::json;
use socle_ledger::VERIFICATIONS_MAX;
use socle_testkit::{Visitor, cx, elsewhere};

use super::Site;

#[tokio::test]
async fn a_verification_is_asked_for_done_and_looked_at() {
    let site = Site::new().await;
    site.earned("demo-alice", "order-1", 2_933).await;

    let asked = site.post("/verify", &json!({})).await;
    let place = asked.assert_status(202).header("location").expect("a place").to_owned();
    let waiting = site.world.get(&site.us, &place).await;
    site.pump().await;
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
    site.pump().await;

    let ours = site.world.get(&site.us, asked.header("location").expect("a place")).await;
    let theirs = site.world.get(&there, theirs.header("location").expect("a place")).await;
    assert_eq!(ours.body["report"]["differences"][0]["check"], "purchase");
    assert_eq!(theirs.body["report"]["differences"], json!([]));
    assert_eq!(theirs.body["report"]["transactions"], 0);
}

#[tokio::test]
async fn a_verification_whose_processes_died_has_failed_a_day_later() {
    let site = Site::new().await;
    let place = site.post("/verify", &json!({})).await;
    let place = place.header("location").expect("a place").to_owned();
    let asked = |ago: &str| {
        let dead = "update socle_ledger.verification set state = 'running', asked_at = now() -";
        format!("{dead} interval '{ago}'")
    };

    site.world.database.execute(&asked("23 hours 59 minutes")).await;
    let running = site.world.get(&site.us, &place).await;
    site.world.database.execute(&asked("24 hours")).await;
    let failed = site.world.get(&site.us, &place).await;

    assert_eq!(
        (&running.body["state"], &failed.body["state"]),
        (&json!("running"), &json!("failed"))
    );
}

#[tokio::test]
async fn more_than_a_hundred_waiting_are_refused_and_others_are_not() {
    let site = Site::new().await;
    for _ in 0..VERIFICATIONS_MAX {
        site.post("/verify", &json!({})).await.assert_status(202);
    }
    let before = site.effects().await;

    let refused = site.post("/verify", &json!({})).await;

    refused.assert_problem(429, "ledger.verifications-waiting");
    assert_eq!(site.effects().await, before);
    let there = Visitor::of(elsewhere(&cx()).tenant);
    site.world.post(&there, "/v1/ledger/verify", &json!({})).await.assert_status(202);
    site.pump().await;
    site.post("/verify", &json!({})).await.assert_status(202);
}
