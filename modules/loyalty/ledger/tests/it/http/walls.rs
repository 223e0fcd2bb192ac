//! Another tenant with our identifiers: nothing is seen, and nothing told apart.

use axum::http::Request;
use serde_json::{Value, json};
use socle_testkit::{Answer, Visitor, elsewhere};

use super::{Site, moving, nobody};

/// Our identifiers, by their prefix.
struct Ours(Vec<(&'static str, String)>);

impl Ours {
    async fn of(site: &Site) -> Self {
        let earned = site.earned("demo-alice", "order-1", 2_933).await;
        let programme = site.get("/programmes").await.body["items"][0]["id"].clone();
        let (a, b) = (site.opened("a", "USD").await, site.opened("b", "USD").await);
        let hold = json!({
            "kind": "deposit", "account": a, "counter": b, "amount": 1,
            "expires_at": "2100-01-01T00:00:00Z",
        });
        let hold = site.post("/holds", &hold).await.text_of("id").to_owned();
        let verification = site.post("/verify", &json!({})).await.text_of("id").to_owned();
        Self(vec![
            ("programmes", programme.as_str().expect("an identifier").to_owned()),
            ("purchases", earned.text_of("purchase").to_owned()),
            ("transactions", site.moved(&a, &b, 5).await),
            ("accounts", a),
            ("holds", hold),
            ("verifications", verification),
        ])
    }

    fn in_path(&self, path: &str) -> &str {
        let of = |it: &&(&str, String)| path.contains(&format!("/{}/", it.0));
        &self.0.iter().find(of).unwrap_or_else(|| panic!("no identifier for {path}")).1
    }

    fn of_kind(&self, kind: &str) -> &str {
        self.in_path(&format!("/{kind}/"))
    }
}

/// An answer without what only names the request, or repeats the identifier.
fn told(answer: &Answer, id: &str) -> (u16, String) {
    let mut body = answer.body.clone();
    body["request_id"] = Value::Null;
    (answer.status.as_u16(), body.to_string().replace(id, "ID"))
}

/// The same identifier with its last digit changed.
fn unknown(id: &str) -> String {
    nobody(id.split('_').next().expect("a prefix"))
}

async fn ask(site: &Site, who: &Visitor, (verb, path): (&str, &str), body: &Value) -> Answer {
    if verb == "post" {
        return site.world.post(who, path, body).await;
    }
    site.world.send(Some(who), Request::get(path), "").await
}

#[tokio::test]
async fn every_route_with_an_identifier_answers_ours_like_one_that_nobody_has() {
    let site = Site::new().await;
    let ours = Ours::of(&site).await;
    let there = Visitor::of(elsewhere(&socle_testkit::cx()).tenant);
    let document = site.world.get(&site.us, "/openapi.json").await.body;
    let mut walked = 0;

    for (path, item) in document["paths"].as_object().expect("paths") {
        for verb in ["get", "post"].into_iter().filter(|it| item.get(it).is_some()) {
            if !path.contains("{id}") {
                continue;
            }
            let id = ours.in_path(path);
            let nobodys = unknown(id);
            let (own, none) = (path.replace("{id}", id), path.replace("{id}", &nobodys));
            let theirs = ask(&site, &there, (verb, &own), &json!({})).await;
            let nobodys_answer = ask(&site, &there, (verb, &none), &json!({})).await;
            let garbage = path.replace("{id}", "%27canary");
            let garbage = ask(&site, &there, (verb, &garbage), &json!({})).await;

            assert_eq!(told(&theirs, id), told(&nobodys_answer, &nobodys), "{verb} {path}");
            assert_eq!(theirs.status, 404, "{verb} {path}: {}", theirs.text);
            garbage.assert_problem(404, "not-found");
            assert!(!garbage.text.contains("canary"), "{}", garbage.text);
            walked += 1;
        }
    }

    assert_eq!(walked, 13);
}

#[tokio::test]
async fn identifiers_in_bodies_and_queries_are_answered_alike_too() {
    let site = Site::new().await;
    let ours = Ours::of(&site).await;
    let there = Visitor::of(elsewhere(&socle_testkit::cx()).tenant);
    let theirs = site.world.post(&there, "/v1/ledger/programmes", &super::rules("Theirs")).await;
    theirs.assert_status(201);
    // Ours is known to the process by now.
    let known = format!("/balance?customer=demo-alice&programme={}", ours.of_kind("programmes"));
    site.get(&known).await.assert_status(200);
    let before = site.effects().await;
    let account = json!({ "owner": "a", "purpose": "p", "asset": "USD", "side": "credit" });
    let own = site.world.post(&there, "/v1/ledger/accounts", &account).await;
    let own = own.text_of("id").to_owned();
    let hold = |id: &str| {
        json!({
            "kind": "deposit", "account": own, "counter": id, "amount": 1,
            "expires_at": "2100-01-01T00:00:00Z",
        })
    };
    let by = |id: &str| json!({ "programme": id, "customer": "demo-alice", "points": 1 });

    for (kind, path, body) in [
        ("accounts", "/transactions", &(|id: &str| moving(&own, id, 5)) as &dyn Fn(&str) -> Value),
        ("accounts", "/holds", &hold),
        ("programmes", "/burn", &by),
        ("programmes", "/burn:preview", &by),
        (
            "purchases",
            "/refund",
            &|id: &str| json!({ "purchase": id, "amount": 1, "currency": "USD" }),
        ),
    ] {
        let (id, path) = (ours.of_kind(kind), format!("/v1/ledger{path}"));
        let nobodys = unknown(id);
        let mine = site.world.post(&there, &path, &body(id)).await;
        let none = site.world.post(&there, &path, &body(&nobodys)).await;

        assert_eq!(told(&mine, id), told(&none, &nobodys), "{path}");
        assert_eq!(mine.status, 404, "{path}: {}", mine.text);
    }
    for path in ["/balance?customer=demo-alice&", "/lots?customer=demo-alice&", "/expiring?"] {
        let id = ours.of_kind("programmes");
        let mine = site.world.get(&there, &format!("/v1/ledger{path}programme={id}")).await;
        mine.assert_problem(404, "not-found");
    }
    let after = site.effects().await;
    assert_eq!(after["account"], before["account"] + 1);
    assert_eq!((after["transfer"], after["hold"]), (before["transfer"], before["hold"]));
}

#[tokio::test]
async fn lists_and_reports_show_a_tenant_its_own() {
    let site = Site::new().await;
    Ours::of(&site).await;
    let there = Visitor::of(elsewhere(&socle_testkit::cx()).tenant);

    for path in [
        "/programmes",
        "/accounts",
        "/accounts?owner=a",
        "/journal",
        "/trial-balance",
        "/transactions?key=till&value=7",
    ] {
        let seen = site.world.get(&there, &format!("/v1/ledger{path}")).await;
        assert_eq!(seen.assert_status(200).body["items"], json!([]), "{path}");
    }
}
