//! Every balance is what the requests that took effect come to, and all of them sum to zero.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    Finding, Seen,
    paper::Paper,
    seen::{number, text},
};
use crate::load::{Book, Counter};

pub(super) fn check(book: &Book, seen: &Seen) -> Vec<Finding> {
    let (paper, mut findings) = (Paper::of(book), Vec::new());
    let mut expect = |what: &str, expected: i64, found: i64| {
        if expected != found {
            let says = format!("{what}: {expected} expected, {found} found");
            findings.push(Finding::new("accounts", says));
        }
    };
    let balance = |owner: &str, purpose: &str| {
        let accounts = seen.accounts.iter().filter(|it| is(it, owner, purpose));
        accounts.map(|it| number(it, "balance")).sum::<i64>()
    };
    let mut held = BTreeMap::<&str, i64>::new();
    for it in paper.holds.values() {
        *held.entry(&it.customer).or_default() += it.left();
    }
    for (customer, points) in &paper.customers {
        let owner = format!("customer:{customer}");
        let found = balance(&owner, "points") + balance(&owner, "debt");
        expect(&format!("what {customer} has"), *points, found);
        let account = seen.accounts.iter().find(|it| is(it, &owner, "points"));
        let found = account.map_or(0, |it| number(it, "pending_debit"));
        let expected = held.get(customer.as_str()).copied().unwrap_or_default();
        expect(&format!("what is held of {customer}"), expected, found);
    }
    let owner = format!("programme:{}", book.tenant.programme);
    for (counter, points) in &paper.counters {
        let purpose = match counter {
            Counter::Issuance => "issuance",
            Counter::Settlement => "settlement",
        };
        expect(purpose, *points, balance(&owner, purpose));
    }
    expect(
        "the sum of all accounts",
        0,
        seen.accounts.iter().map(|it| number(it, "balance")).sum(),
    );
    findings
}

fn is(account: &Value, owner: &str, purpose: &str) -> bool {
    text(account, "owner") == owner && text(account, "purpose") == purpose
}
