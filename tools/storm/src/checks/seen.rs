//! What is there, as the program tells it of one merchant.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    Failed,
    load::{Act, Book, Caller},
    world::World,
};

/// Everything that a merchant's clients can have brought about.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// In its order.
    pub(crate) journal: Vec<Value>,
    pub(crate) accounts: Vec<Value>,
    pub(crate) programmes: Vec<Value>,
    pub(crate) holds: BTreeMap<String, Value>,
    pub(crate) purchases: BTreeMap<String, Value>,
}

impl Seen {
    pub(crate) async fn look(world: &World, book: &Book) -> Result<Self, Failed> {
        let caller = Caller::of(&book.tenant, world.doors());
        let mut seen = Self {
            journal: caller.look_at_all("/v1/ledger/journal").await?,
            accounts: caller.look_at_all("/v1/ledger/accounts").await?,
            programmes: caller.look_at_all("/v1/ledger/programmes").await?,
            ..Self::default()
        };
        let (mut holds, mut purchases) = (BTreeSet::new(), BTreeSet::new());
        for (asked, answer) in book.done() {
            match &asked.act {
                Act::Hold { .. } => holds.insert(text(&answer.json(), "id")),
                Act::Earn { .. } => purchases.insert(text(&answer.json(), "purchase")),
                _ => false,
            };
        }
        for id in holds {
            let hold = caller.look(&format!("/v1/ledger/holds/{id}")).await?;
            seen.holds.insert(id, hold);
        }
        for id in purchases {
            let purchase = caller.look(&format!("/v1/ledger/purchases/{id}")).await?;
            seen.purchases.insert(id, purchase);
        }
        Ok(seen)
    }
}

/// A member that is a text; empty where there is none.
pub(crate) fn text(object: &Value, name: &str) -> String {
    object[name].as_str().unwrap_or_default().to_owned()
}

/// A member that is a number; 0 where there is none.
pub(crate) fn number(object: &Value, name: &str) -> i64 {
    object[name].as_i64().unwrap_or_default()
}
