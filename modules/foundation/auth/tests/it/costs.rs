//! What each route costs: round trips to the database, of a caller who has been let in.
//!
//! A read is one, and so is a `404` of one. What changes something is a transaction of its own: one
//! to begin, one to commit, and each statement.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use socle_auth::{MODULE, Tenants, module};
use socle_testkit::{Visitor, World, cx};

use crate::world::zone;

/// A route, where it is called, what is sent to it, and what that costs.
type Row = (&'static str, String, Value, u64);

fn rows(key: &str, other: &str) -> [Row; 6] {
    let issued = json!({ "name": "third", "scopes": ["ledger:read"] });
    [
        ("GET /tenant", "/tenant".to_owned(), Value::Null, 1),
        ("GET /keys", "/keys".to_owned(), Value::Null, 1),
        ("GET /keys/{id}", format!("/keys/{key}"), Value::Null, 1),
        ("POST /keys", "/keys".to_owned(), issued, 4),
        ("POST /keys/{id}/rotate", format!("/keys/{key}/rotate"), json!({ "overlap_s": 60 }), 6),
        ("POST /keys/{id}/revoke", format!("/keys/{other}/revoke"), json!({}), 3),
    ]
}

#[tokio::test]
async fn each_route_costs_the_round_trips_that_are_written_here() {
    let world = World::of(&[MODULE], |deps| vec![module(deps).0]).await;
    let tenants = Tenants::new(world.database.db("auth"));
    let (handle, name) = ("demo".parse().expect("a handle"), "Demo".parse().expect("a name"));
    let tenant = tenants.create(&cx(), handle, name, &zone("UTC")).await.expect("it is let in");
    let us = Visitor::of(tenant.id);
    let issue = async |name: &str| {
        let body = json!({ "name": name, "scopes": ["ledger:read"] });
        let issued = world.post(&us, "/v1/auth/keys", &body).await;
        issued.assert_status(201).body["key"]["id"].as_str().expect("an identifier").to_owned()
    };
    let rows = rows(&issue("first").await, &issue("second").await);

    let mut costs = Vec::new();
    for (route, path, body, _) in &rows {
        let before = world.database.database.round_trips();
        let answer = match body {
            Value::Null => world.get(&us, &format!("/v1/auth{path}")).await,
            _ => world.post(&us, &format!("/v1/auth{path}"), body).await,
        };
        assert!(answer.status.is_success(), "{route}: {}", answer.text);
        costs.push((*route, world.database.database.round_trips() - before));
    }

    assert_eq!(costs, rows.iter().map(|it| (it.0, it.3)).collect::<Vec<_>>());
    let document = world.get(&us, "/openapi.json").await.body;
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let verbs = item.as_object().expect("operations").keys();
        described.extend(verbs.filter_map(|verb| {
            let path = path.strip_prefix("/v1/auth")?;
            Some(format!("{} {path}", verb.to_uppercase()))
        }));
    }
    let priced: BTreeSet<_> = rows.iter().map(|it| it.0.to_owned()).collect();
    assert_eq!(priced, described, "each route has its cost");
}
