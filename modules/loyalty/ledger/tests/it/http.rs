//! The ledger over HTTP: a tenant with one programme, called without a network.

mod costs;
mod description;
mod happy;
mod input;
mod paging;
mod parallel;
mod replays;
mod requests;
mod statement;
mod tags;
mod verifications;
mod walls;

use std::{cell::OnceCell, collections::BTreeMap};

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};
use socle_jobs::Worker;
use socle_ledger::{Ledger, MODULE, module_of, works};
use socle_testkit::{Answer, Visitor, World};

/// Where the tests of this folder call.
pub(crate) struct Site {
    pub(crate) world: World,
    /// The ledger behind the routes: its jobs are pumped by hand.
    pub(crate) ledger: Ledger,
    pub(crate) us: Visitor,
}

impl Site {
    /// Nothing has been defined yet.
    pub(crate) async fn empty() -> Self {
        let behind = OnceCell::new();
        let world = World::of(&[MODULE], |deps| {
            let ledger = behind.get_or_init(|| Ledger::new(deps.db(MODULE.name)));
            vec![module_of(ledger.clone())]
        });
        let world = world.await;
        let ledger = behind.into_inner().expect("the module was made");
        Self { world, ledger, us: Visitor::anybody() }
    }

    /// With a programme: 1 point a dollar, living 12 months.
    pub(crate) async fn new() -> Self {
        let site = Self::empty().await;
        site.post("/programmes", &rules("Points")).await.assert_status(201);
        site
    }

    /// Does what has been enqueued.
    pub(crate) async fn pump(&self) {
        let worker = Worker::new(self.world.database.db("ledger"), works(&self.ledger));
        // Later than the clock on the wall, by which requests enqueue.
        let now = "2100-01-01T00:00:00Z".parse().expect("a moment");
        worker.pump(now).await.expect("the jobs are done");
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.world.get(&self.us, &format!("/v1/ledger{path}")).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.world.post(&self.us, &format!("/v1/ledger{path}"), body).await
    }

    pub(crate) async fn post_as(&self, path: &str, body: &Value, key: &str) -> Answer {
        self.world.post_as(&self.us, &format!("/v1/ledger{path}"), body, key).await
    }

    /// A body that is sent as it stands, whatever it is.
    pub(crate) async fn post_raw(&self, path: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post(format!("/v1/ledger{path}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", "raw");
        self.world.send(Some(&self.us), request, body).await
    }

    /// `GET` with one more header.
    pub(crate) async fn get_with(&self, path: &str, (name, value): (&str, &str)) -> Answer {
        let request = Request::get(format!("/v1/ledger{path}")).header(name, value);
        self.world.send(Some(&self.us), request, Body::empty()).await
    }

    /// A purchase whose points have been given.
    pub(crate) async fn earned(&self, customer: &str, purchase: &str, amount: i64) -> Answer {
        let body = earning(customer, purchase, amount);
        let answer = self.post("/earn", &body).await;
        answer.assert_status(200);
        answer
    }

    /// What a customer can spend now.
    pub(crate) async fn available(&self, customer: &str) -> i64 {
        let answer = self.get(&format!("/balance?customer={customer}")).await;
        answer.assert_status(200).body["available"].as_i64().expect("a number")
    }

    /// An account of our own that may go below zero; its identifier.
    pub(crate) async fn opened(&self, owner: &str, asset: &str) -> String {
        let body = json!({ "owner": owner, "purpose": "cash", "asset": asset, "side": "credit" });
        let answer = self.post("/accounts", &body).await;
        answer.assert_status(200).text_of("id").to_owned()
    }

    /// A transaction of ours between two accounts.
    pub(crate) async fn moved(&self, from: &str, to: &str, amount: i64) -> String {
        let answer = self.post("/transactions", &moving(from, to, amount)).await;
        answer.assert_status(201).text_of("id").to_owned()
    }

    /// How many rows there are of what must not have been made.
    pub(crate) async fn effects(&self) -> BTreeMap<&'static str, i64> {
        let mut found = BTreeMap::new();
        for table in ["account", "transfer", "hold", "purchase", "programme", "verification"] {
            let count = format!("select count(*) from socle_ledger.{table}");
            found.insert(table, self.world.database.number(&count).await);
        }
        found
    }
}

pub(crate) fn rules(name: &str) -> Value {
    json!({
        "name": name, "currency": "USD", "points": 1, "per_units": 1, "life_months": 12,
        "worth": 1_000,
    })
}

pub(crate) fn earning(customer: &str, purchase: &str, amount: i64) -> Value {
    json!({ "customer": customer, "purchase": purchase, "amount": amount, "currency": "USD" })
}

pub(crate) fn moving(from: &str, to: &str, amount: i64) -> Value {
    let legs = json!([{ "account": from, "amount": -amount }, { "account": to, "amount": amount }]);
    json!({ "kind": "sale", "legs": legs })
}

/// An identifier that nobody has.
pub(crate) fn nobody(prefix: &str) -> String {
    format!("{prefix}_{}", "0123456789abcdef".repeat(2))
}
