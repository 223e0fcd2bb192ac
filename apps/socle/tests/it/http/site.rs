//! The program serving, with two merchants, and what every answer of it must keep.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::{
    client::{Answer, Ask, Client},
    document::Document,
    rows::{Call, Kind, Row},
    tenant::Tenant,
};
use crate::place::Place;

static SHARED: Mutex<Weak<Site>> = Mutex::new(Weak::new());

/// Sent with every answer.
const HEADERS: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Sent with every answer to a caller who is known.
const LIMITS: [&str; 3] = ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"];

/// A server.
pub(crate) struct Site {
    pub(crate) client: Client,
    pub(crate) document: Document,
    pub(crate) ours: Tenant,
    pub(crate) theirs: Tenant,
    pub(crate) place: Place,
}

impl Site {
    pub(crate) fn of(place: Place) -> Self {
        let client = Client::new(&place.serve());
        let ours = Tenant::create(&place, &client, "ours");
        let theirs = Tenant::create(&place, &client, "theirs");
        let document = Document::of(&client, &place.ask(&["errors"]));
        Self { client, document, ours, theirs, place }
    }

    /// One that several tests use: it is started for the first and ends with the last.
    pub(crate) fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let site = Arc::new(Self::of(Place::new()));
            *shared = Arc::downgrade(&site);
            site
        })
    }

    /// A right call of a route.
    pub(crate) fn call(&self, row: &Row, tenant: &Tenant) -> Call {
        let operation = self.document.find(row.verb(), row.path);
        (row.call)(tenant, operation.example(&self.document))
    }

    /// The request of a call, as a tenant with all scopes sends it.
    pub(crate) fn ask(row: &Row, tenant: &Tenant, call: &Call) -> Ask {
        let mut ask = Ask::new(row.verb(), &call.target(row.path)).key(&tenant.key);
        if row.kind == Kind::DoOnce {
            ask = ask.header("Idempotency-Key", &tenant.word("request"));
        }
        match &call.body {
            Some(body) => ask.json(body),
            None => ask,
        }
    }

    /// A right request of a route.
    pub(crate) fn right(&self, row: &Row) -> Ask {
        Site::ask(row, &self.ours, &self.call(row, &self.ours))
    }

    /// Sends a request of a route and checks what holds for every answer.
    #[track_caller]
    pub(crate) fn send(&self, row: &Row, ask: &Ask) -> Answer {
        let answer = self.client.send(ask);
        let wrong = self.wrong(row, &answer);
        assert!(wrong.is_empty(), "{wrong:#?}\n{ask:?}\n{answer:?}");
        answer
    }

    /// What of an answer is not as every answer has to be.
    fn wrong(&self, row: &Row, answer: &Answer) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut hold = |holds: bool, what: &str| {
            if !holds {
                wrong.push(format!("{} {}: {what}", row.verb(), row.path));
            }
        };
        for (name, value) in HEADERS {
            hold(answer.header(name) == Some(value), name);
        }
        hold(answer.header("cache-control").is_some(), "cache-control");
        hold(answer.header("x-request-id").is_some(), "x-request-id");
        hold(answer.status < 500, "a fault");
        if answer.status != 401 {
            for name in LIMITS {
                hold(answer.header(name).is_some(), name);
            }
        }
        if 400 <= answer.status {
            self.refusal(answer).into_iter().for_each(|it| hold(false, &it));
        }
        let operation = self.document.find(row.verb(), row.path);
        let differences = self.document.differences(&operation, answer);
        for difference in &differences {
            hold(false, difference);
        }
        wrong
    }

    /// What of a refusal is not as every refusal has to be.
    fn refusal(&self, answer: &Answer) -> Option<String> {
        if answer.media_type() != "application/problem+json" {
            return Some(format!("{} is no problem document", answer.media_type()));
        }
        let body = answer.json();
        let (code, status) = (answer.code(), u64::from(answer.status));
        if self.document.codes.get(&code) != Some(&status) || body["status"] != status {
            return Some(format!("{code} of {status} is not in the catalogue"));
        }
        if body["type"] != format!("/problems/{code}") || body["title"].as_str().is_none() {
            return Some("its type or title".to_owned());
        }
        let is_replay = answer.header("idempotency-replayed").is_some();
        let is_named = body["request_id"].as_str() == answer.header("x-request-id");
        (!is_named && !is_replay).then(|| "its request_id".to_owned())
    }
}
