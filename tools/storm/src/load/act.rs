//! What a client asks for, how it is said over HTTP, and which refusals are in order.

use serde_json::{Value, json};

/// Longer than any campaign.
const FOREVER: &str = "2100-01-01T00:00:00Z";

/// A customer, with the account of its points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Customer {
    pub(crate) name: String,
    pub(crate) account: String,
}

/// Something that changes something. What it is about has been acknowledged before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Act {
    Define {
        name: String,
    },
    Earn {
        customer: String,
        purchase: String,
        cents: i64,
    },
    Burn {
        customer: String,
        points: i64,
    },
    Refund {
        customer: String,
        purchase: String,
        cents: i64,
    },
    /// `gave` points, or took them; `from` the merchant's issuance or its settlement.
    Reverse {
        customer: String,
        transaction: String,
        gave: i64,
        from: Counter,
    },
    Hold {
        customer: Customer,
        counter: String,
        points: i64,
    },
    /// `None`: all that is left.
    Capture {
        customer: String,
        hold: String,
        points: Option<i64>,
    },
    Void {
        hold: String,
    },
    Adjust {
        customer: String,
        points: i64,
    },
}

/// The merchant's side of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Counter {
    Issuance,
    Settlement,
}

impl Act {
    /// Where it is asked, and with which body.
    pub(crate) fn said(&self, programme: &str) -> (String, Value) {
        let (route, body) = match self {
            Self::Define { name } => (
                "programmes".to_owned(),
                json!({ "name": name, "currency": "USD", "points": 2, "per_units": 1 }),
            ),
            Self::Earn { customer, purchase, cents } => (
                "earn".to_owned(),
                json!({ "programme": programme, "customer": customer, "purchase": purchase,
                        "amount": cents, "currency": "USD" }),
            ),
            Self::Burn { customer, points } => (
                "burn".to_owned(),
                json!({ "programme": programme, "customer": customer, "points": points }),
            ),
            Self::Refund { purchase, cents, .. } => (
                "refund".to_owned(),
                json!({ "programme": programme, "purchase": purchase, "amount": cents,
                        "currency": "USD" }),
            ),
            Self::Reverse { transaction, .. } => {
                (format!("transactions/{transaction}/reverse"), json!({ "reason": "a slip" }))
            }
            Self::Hold { customer, counter, points } => (
                "holds".to_owned(),
                json!({ "kind": "order", "account": customer.account, "counter": counter,
                        "amount": points, "expires_at": FOREVER }),
            ),
            Self::Capture { hold, points: Some(points), .. } => {
                (format!("holds/{hold}/capture"), json!({ "amount": points }))
            }
            Self::Capture { hold, points: None, .. } => {
                (format!("holds/{hold}/capture"), json!({}))
            }
            Self::Void { hold } => (format!("holds/{hold}/void"), Value::Null),
            Self::Adjust { customer, points } => (
                "adjust".to_owned(),
                json!({ "programme": programme, "customer": customer, "points": points,
                        "reason": "goodwill" }),
            ),
        };
        (format!("/v1/ledger/{route}"), body)
    }

    /// The refusals that others can have brought about; any other is a finding.
    pub(crate) fn may_be_refused(&self, code: &str) -> bool {
        match self {
            Self::Define { .. } | Self::Earn { .. } | Self::Refund { .. } => false,
            Self::Burn { .. } | Self::Hold { .. } => code == "ledger.insufficient",
            Self::Adjust { points, .. } => *points < 0 && code == "ledger.insufficient",
            Self::Reverse { .. } => ["ledger.insufficient", "ledger.points-spent"].contains(&code),
            Self::Capture { .. } => ["ledger.hold-ended", "ledger.hold-exceeded"].contains(&code),
            Self::Void { .. } => code == "ledger.hold-ended",
        }
    }

    /// Whether a refusal is kept under the key. One of what is decided in a transaction of the
    /// ledger's own is decided again.
    pub(crate) fn keeps_refusals(&self) -> bool {
        !matches!(self, Self::Reverse { .. } | Self::Refund { .. })
    }
}

/// What a purchase of so many cents earns: a point a dollar, cents dropped.
pub(crate) fn points_for(cents: i64) -> i64 {
    cents / 100
}
