//! A merchant with a key, and what it makes for itself as calls need it.

use std::sync::{
    OnceLock,
    atomic::{AtomicU32, Ordering},
};

use serde_json::{Value, json};

use super::client::{Answer, Ask, Client};
use crate::place::Place;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// More calls a minute than any test makes.
const UNLIMITED: &str = "1000000";

/// A merchant.
pub(crate) struct Tenant {
    pub(crate) handle: &'static str,
    /// Of all scopes.
    pub(crate) key: String,
    client: Client,
    made: Made,
}

/// What is made once.
#[derive(Default)]
struct Made {
    programme: OnceLock<String>,
    customer: OnceLock<String>,
    till: OnceLock<String>,
    sales: OnceLock<String>,
    verification: OnceLock<String>,
}

impl Tenant {
    pub(crate) fn create(place: &Place, client: &Client, handle: &'static str) -> Self {
        place.ask(&["tenant", "create", handle]);
        let (client, made) = (client.clone(), Made::default());
        let key = place.key(handle, &["everything", "--limit", UNLIMITED]);
        Self { handle, key, client, made }
    }

    /// A word that nobody has used.
    pub(crate) fn word(&self, kind: &str) -> String {
        format!("{}-{kind}-{}", self.handle, NEXT.fetch_add(1, Ordering::Relaxed))
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        let ask = Ask::new("POST", path).key(&self.key).json(body);
        self.client.send(&ask.header("Idempotency-Key", &self.word("request")))
    }

    #[track_caller]
    fn made(&self, path: &str, body: &Value) -> String {
        let answer = self.post(path, body);
        assert!((200..300).contains(&answer.status), "{path}: {answer:?}");
        let body = answer.json();
        let id = body["id"].as_str().or(body["key"]["id"].as_str());
        id.unwrap_or_else(|| panic!("no identifier from {path}: {answer:?}")).to_owned()
    }

    pub(crate) fn issued(&self) -> String {
        self.made("/v1/auth/keys", &json!({ "name": self.word("key"), "scopes": ["ledger:read"] }))
    }

    /// The text of a key that was revoked.
    pub(crate) fn ended(&self) -> String {
        let body = json!({ "name": self.word("key"), "scopes": ["ledger:read"] });
        let issued = self.post("/v1/auth/keys", &body).assert_status(201).json();
        let id = issued["key"]["id"].as_str().unwrap();
        self.post(&format!("/v1/auth/keys/{id}/revoke"), &Value::Null).assert_status(200);
        issued["secret"].as_str().unwrap().to_owned()
    }

    pub(crate) fn programme(&self) -> String {
        let rules = json!({
            "name": self.word("points"), "currency": "USD", "points": 1, "per_units": 1,
            "life_months": 12, "worth": 1_000,
        });
        let make = || self.made("/v1/ledger/programmes", &rules);
        self.made.programme.get_or_init(make).clone()
    }

    /// Somebody who has points.
    pub(crate) fn customer(&self) -> String {
        let make = || {
            let customer = self.word("customer");
            self.earned(&customer, &self.word("order"), 10_000_000);
            customer
        };
        self.made.customer.get_or_init(make).clone()
    }

    fn earned(&self, customer: &str, purchase: &str, amount: i64) -> String {
        let body = json!({
            "customer": customer, "purchase": purchase, "amount": amount, "currency": "USD",
            "programme": self.programme(),
        });
        let answer = self.post("/v1/ledger/earn", &body);
        answer.assert_status(200).json()["purchase"].as_str().unwrap().to_owned()
    }

    /// A purchase: its reference, and its identifier.
    pub(crate) fn bought(&self) -> (String, String) {
        let reference = self.word("order");
        let id = self.earned(&self.customer(), &reference, 5_000);
        (reference, id)
    }

    pub(crate) fn owner(&self) -> String {
        format!("{}:owner", self.handle)
    }

    fn account(&self, purpose: &str) -> String {
        let body = json!({
            "owner": self.owner(), "purpose": purpose, "asset": "USD", "side": "credit",
        });
        self.made("/v1/ledger/accounts", &body)
    }

    /// An account that has entries.
    pub(crate) fn till(&self) -> String {
        let make = || {
            let (till, sales) = (self.account("till"), self.sales());
            for _ in 0..3 {
                let legs = json!([
                    { "account": till, "amount": -5 }, { "account": sales, "amount": 5 }
                ]);
                let body = json!({ "kind": "sale", "legs": legs, "metadata": { "till": "7" } });
                self.made("/v1/ledger/transactions", &body);
            }
            till
        };
        self.made.till.get_or_init(make).clone()
    }

    pub(crate) fn sales(&self) -> String {
        self.made.sales.get_or_init(|| self.account("sales")).clone()
    }

    /// An account that is used by nobody.
    pub(crate) fn opened(&self) -> String {
        self.account(&self.word("empty"))
    }

    /// Moves between accounts of its own what an example moves between others.
    pub(crate) fn moving(&self, mut body: Value) -> Value {
        body["legs"][0]["account"] = json!(self.till());
        body["legs"][1]["account"] = json!(self.sales());
        body
    }

    pub(crate) fn posted(&self) -> String {
        let legs = json!([{ "amount": -500 }, { "amount": 500 }]);
        self.made("/v1/ledger/transactions", &self.moving(json!({ "kind": "sale", "legs": legs })))
    }

    pub(crate) fn held(&self) -> String {
        let body = json!({
            "kind": "deposit", "account": self.till(), "counter": self.sales(), "amount": 100,
            "expires_at": "2100-01-01T00:00:00Z",
        });
        self.made("/v1/ledger/holds", &body)
    }

    pub(crate) fn verified(&self) -> String {
        let make = || self.made("/v1/ledger/verify", &Value::Null);
        self.made.verification.get_or_init(make).clone()
    }
}
