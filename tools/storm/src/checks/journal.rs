//! The journal has each transaction that a client was told of, as it was told, and no other.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    Finding, Seen,
    paper::Paper,
    seen::{number, text},
};
use crate::load::Book;

/// What a customer has, is in accounts of these purposes.
const OWN: [&str; 2] = ["points", "debt"];

pub(super) fn check(book: &Book, seen: &Seen) -> Vec<Finding> {
    let (paper, mut findings) = (Paper::of(book), Vec::new());
    let mut find = |says: String| findings.push(Finding::new("journal", says));
    for id in &paper.shared {
        find(format!("{id} was the answer to two requests"));
    }
    for (expected, it) in (1..).zip(&seen.journal) {
        if number(it, "number") != expected {
            find(format!("place {expected} has number {}", it["number"]));
        }
    }
    let own = own_accounts(seen);
    let mut found = BTreeMap::<String, u32>::new();
    for it in &seen.journal {
        let id = text(it, "id");
        match paper.transactions.get(&id) {
            None => find(format!("{id} was done and nobody was told: {it}")),
            Some(written) if written.told != *it => {
                find(format!("{id} was told as {}, and is {it}", written.told));
            }
            Some(written) => {
                let gave = given(it, &own);
                if written.gave.is_some_and(|it| it != gave) {
                    find(format!("{id} gave {gave}, and {:?} was asked for", written.gave));
                }
            }
        }
        *found.entry(id).or_default() += 1;
    }
    for id in paper.transactions.keys() {
        match found.get(id) {
            None => find(format!("{id} was acknowledged and is not there")),
            Some(1) => {}
            Some(times) => find(format!("{id} is there {times} times")),
        }
    }
    findings
}

fn own_accounts(seen: &Seen) -> BTreeSet<String> {
    let accounts = seen.accounts.iter();
    let own = accounts.filter(|it| OWN.contains(&it["purpose"].as_str().unwrap_or_default()));
    own.map(|it| text(it, "id")).collect()
}

fn given(transaction: &Value, own: &BTreeSet<String>) -> i64 {
    let legs = transaction["legs"].as_array().into_iter().flatten();
    legs.filter(|it| own.contains(&text(it, "account"))).map(|it| number(it, "amount")).sum()
}
