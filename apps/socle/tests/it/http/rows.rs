//! A row for each route: how it is called rightly. Everything else is derived from these.

use serde_json::{Value, json};

use super::tenant::Tenant;

/// What kind of route it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Look,
    /// A look at a page after another.
    Pages,
    Do,
    /// Takes an `Idempotency-Key`.
    DoOnce,
}

/// A route.
pub(crate) struct Row {
    pub(crate) kind: Kind,
    pub(crate) path: &'static str,
    /// `None`: any key will do.
    pub(crate) scope: Option<&'static str>,
    /// Makes what must be there, and a call out of the example of the body.
    pub(crate) call: fn(&Tenant, Value) -> Call,
}

/// A call of a route.
#[derive(Debug, Clone, Default)]
pub(crate) struct Call {
    pub(crate) id: Option<String>,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) body: Option<Value>,
}

impl Row {
    pub(crate) fn verb(&self) -> &'static str {
        match self.kind {
            Kind::Look | Kind::Pages => "GET",
            Kind::Do | Kind::DoOnce => "POST",
        }
    }
}

const KEYS: Option<&str> = Some("auth:keys");
const READ: Option<&str> = Some("ledger:read");
const WRITE: Option<&str> = Some("ledger:write");
const ADMIN: Option<&str> = Some("ledger:admin");

pub(crate) const ROWS: [Row; 39] = [
    row(Kind::Pages, "/v1/auth/keys", KEYS, |_, _| Call::default()),
    row(Kind::Do, "/v1/auth/keys", KEYS, |it, body| with(named(it, body))),
    row(Kind::Look, "/v1/auth/keys/{id}", KEYS, |it, _| at(it.issued())),
    row(Kind::Do, "/v1/auth/keys/{id}/revoke", KEYS, |it, _| at(it.issued())),
    row(Kind::Do, "/v1/auth/keys/{id}/rotate", KEYS, |it, body| at(it.issued()).and(body)),
    row(Kind::Look, "/v1/auth/tenant", None, |_, _| Call::default()),
    row(Kind::Pages, "/v1/ledger/accounts", READ, |it, _| asking("owner", &it.owner())),
    row(Kind::Do, "/v1/ledger/accounts", ADMIN, opening),
    row(Kind::Look, "/v1/ledger/accounts/{id}", READ, |it, _| at(it.till())),
    row(Kind::Look, "/v1/ledger/accounts/{id}/balance", READ, |it, _| at(it.till())),
    row(Kind::DoOnce, "/v1/ledger/accounts/{id}/close", ADMIN, |it, _| at(it.opened())),
    row(Kind::Pages, "/v1/ledger/accounts/{id}/entries", READ, |it, _| at(it.till())),
    row(Kind::Look, "/v1/ledger/accounts/{id}/statement", READ, |it, _| at(it.till())),
    row(Kind::DoOnce, "/v1/ledger/adjust", ADMIN, |it, body| with(of_customer(it, body))),
    row(Kind::Look, "/v1/ledger/balance", READ, |it, _| about_customer(it)),
    row(Kind::DoOnce, "/v1/ledger/burn", WRITE, |it, body| with(of_customer(it, body))),
    row(Kind::Do, "/v1/ledger/burn:preview", READ, |it, body| with(of_customer(it, body))),
    row(Kind::DoOnce, "/v1/ledger/earn", WRITE, buying),
    row(Kind::Look, "/v1/ledger/expiring", READ, |it, _| asking("programme", &it.programme())),
    row(Kind::DoOnce, "/v1/ledger/holds", WRITE, |it, body| with(holding(it, body))),
    row(Kind::Look, "/v1/ledger/holds/{id}", READ, |it, _| at(it.held())),
    row(Kind::DoOnce, "/v1/ledger/holds/{id}/capture", WRITE, |it, body| at(it.held()).and(body)),
    row(Kind::DoOnce, "/v1/ledger/holds/{id}/void", WRITE, |it, _| at(it.held())),
    row(Kind::Pages, "/v1/ledger/journal", READ, |_, _| Call::default()),
    row(Kind::Look, "/v1/ledger/liability", READ, owed),
    row(Kind::Look, "/v1/ledger/lots", READ, |it, _| about_customer(it)),
    row(Kind::Look, "/v1/ledger/programmes", READ, |_, _| Call::default()),
    row(Kind::DoOnce, "/v1/ledger/programmes", ADMIN, |it, body| with(named(it, body))),
    row(Kind::Look, "/v1/ledger/programmes/{id}", READ, |it, _| at(it.programme())),
    row(Kind::Look, "/v1/ledger/purchases/{id}", READ, |it, _| at(it.bought().1)),
    row(Kind::DoOnce, "/v1/ledger/refund", WRITE, |it, body| with(refunding(it, body))),
    row(Kind::Pages, "/v1/ledger/transactions", READ, found),
    row(Kind::DoOnce, "/v1/ledger/transactions", ADMIN, |it, body| with(it.moving(body))),
    row(Kind::Look, "/v1/ledger/transactions/{id}", READ, |it, _| at(it.posted())),
    row(Kind::DoOnce, "/v1/ledger/transactions/{id}/reverse", ADMIN, undoing),
    row(Kind::DoOnce, "/v1/ledger/transactions:batch", ADMIN, many),
    row(Kind::Look, "/v1/ledger/trial-balance", READ, |_, _| Call::default()),
    row(Kind::Look, "/v1/ledger/verifications/{id}", READ, |it, _| at(it.verified())),
    row(Kind::Do, "/v1/ledger/verify", ADMIN, |_, _| Call::default()),
];

const fn row(
    kind: Kind,
    path: &'static str,
    scope: Option<&'static str>,
    call: fn(&Tenant, Value) -> Call,
) -> Row {
    Row { kind, path, scope, call }
}

impl Call {
    fn and(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    /// Where it goes.
    pub(crate) fn target(&self, path: &str) -> String {
        let path = path.replace("{id}", self.id.as_deref().unwrap_or_default());
        let pairs = self.query.iter().map(|(name, value)| format!("{name}={}", escaped(value)));
        let query: Vec<_> = pairs.collect();
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }
}

/// Percent-encoded.
pub(crate) fn escaped(text: &str) -> String {
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || b"-._~".contains(&it);
    let bytes = text.bytes();
    bytes
        .map(|it| if is_plain(it) { char::from(it).into() } else { format!("%{it:02X}") })
        .collect()
}

fn at(id: String) -> Call {
    Call { id: Some(id), ..Call::default() }
}

fn with(body: Value) -> Call {
    Call::default().and(body)
}

fn asking(name: &'static str, value: &str) -> Call {
    Call { query: vec![(name, value.to_owned())], ..Call::default() }
}

fn named(tenant: &Tenant, mut body: Value) -> Value {
    body["name"] = json!(tenant.word("name"));
    body
}

fn opening(tenant: &Tenant, mut body: Value) -> Call {
    body["owner"] = json!(tenant.word("owner"));
    with(body)
}

fn about_customer(tenant: &Tenant) -> Call {
    let mut call = asking("customer", &tenant.customer());
    call.query.push(("programme", tenant.programme()));
    call
}

fn owed(tenant: &Tenant, _: Value) -> Call {
    let mut call = asking("programme", &tenant.programme());
    call.query.extend([("from", "2025-06-01".to_owned()), ("to", "2025-06-30".to_owned())]);
    call
}

fn found(_: &Tenant, _: Value) -> Call {
    let mut call = asking("key", "till");
    call.query.push(("value", "7".to_owned()));
    call
}

fn of_customer(tenant: &Tenant, mut body: Value) -> Value {
    body["customer"] = json!(tenant.customer());
    body["programme"] = json!(tenant.programme());
    body
}

fn buying(tenant: &Tenant, body: Value) -> Call {
    let mut body = of_customer(tenant, body);
    body["purchase"] = json!(tenant.word("order"));
    with(body)
}

fn refunding(tenant: &Tenant, mut body: Value) -> Value {
    body["purchase"] = json!(tenant.bought().0);
    body["programme"] = json!(tenant.programme());
    body
}

fn holding(tenant: &Tenant, mut body: Value) -> Value {
    body["account"] = json!(tenant.till());
    body["counter"] = json!(tenant.sales());
    body
}

fn undoing(tenant: &Tenant, body: Value) -> Call {
    at(tenant.posted()).and(body)
}

fn many(tenant: &Tenant, mut body: Value) -> Call {
    let one = body["transactions"][0].take();
    body["transactions"][0] = tenant.moving(one);
    with(body)
}
