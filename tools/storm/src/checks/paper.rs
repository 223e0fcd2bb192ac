//! A merchant's books on paper: what must be there, worked out from the requests that took effect,
//! in whatever order they did.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::seen::text;
use crate::load::{Act, Answer, Book, Counter, points_for};

/// What must be there.
#[derive(Debug, Default)]
pub(crate) struct Paper {
    /// What each customer has: points less debt, points on hold included.
    pub(crate) customers: BTreeMap<String, i64>,
    /// The merchant's side, credit positive.
    pub(crate) counters: BTreeMap<Counter, i64>,
    /// By identifier.
    pub(crate) transactions: BTreeMap<String, Written>,
    pub(crate) holds: BTreeMap<String, Hold>,
    /// By the merchant's name for it.
    pub(crate) purchases: BTreeMap<String, Purchase>,
    pub(crate) programmes: BTreeSet<String>,
    /// Two requests that were answered with one transaction.
    pub(crate) shared: Vec<String>,
    undone: BTreeSet<String>,
}

/// A transaction as it was told.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) told: Value,
    /// What it gave to the customer; `None` where that depends on what came before it.
    pub(crate) gave: Option<i64>,
}

/// A hold.
#[derive(Debug, Default)]
pub(crate) struct Hold {
    pub(crate) customer: String,
    pub(crate) points: i64,
    /// In parts.
    parts: i64,
    /// All that was left.
    is_taken: bool,
    pub(crate) is_void: bool,
}

/// A purchase.
#[derive(Debug, Default)]
pub(crate) struct Purchase {
    pub(crate) id: String,
    pub(crate) cents: i64,
    customer: String,
    /// What gave its points.
    transaction: String,
    refunded: i64,
    is_undone: bool,
}

impl Hold {
    pub(crate) fn captured(&self) -> i64 {
        if self.is_taken { self.points } else { self.parts }
    }

    /// What is still set aside.
    pub(crate) fn left(&self) -> i64 {
        if self.is_void { 0 } else { self.points - self.captured() }
    }

    pub(crate) fn state(&self) -> &'static str {
        match self {
            _ if self.is_void => "voided",
            _ if self.left() == 0 => "captured",
            _ => "open",
        }
    }
}

impl Purchase {
    /// One that is undone counts as given back.
    pub(crate) fn refunded(&self) -> i64 {
        if self.is_undone { self.cents } else { self.refunded }
    }

    /// The points that went with what was given back.
    pub(crate) fn refunded_points(&self) -> i64 {
        points_for(self.cents) - points_for(self.cents - self.refunded())
    }
}

impl Paper {
    /// Works it out.
    pub(crate) fn of(book: &Book) -> Self {
        let mut paper = Self::default();
        for (asked, answer) in book.done() {
            paper.write(&asked.act, answer);
        }
        paper.sum_up();
        paper
    }

    /// What is known only when all is told: refunds and captures, whichever came first.
    fn sum_up(&mut self) {
        for it in self.purchases.values_mut() {
            it.is_undone = self.undone.contains(&it.transaction);
        }
        let back = self.purchases.values().filter(|it| !it.is_undone);
        let back = back.map(|it| (it.customer.clone(), Counter::Issuance, it.refunded_points()));
        let taken = self.holds.values();
        let taken = taken.map(|it| (it.customer.clone(), Counter::Settlement, it.captured()));
        for (customer, to, points) in back.chain(taken).collect::<Vec<_>>() {
            self.give(&customer, to, -points);
        }
    }

    fn write(&mut self, act: &Act, answer: &Answer) {
        let said = answer.json();
        match act {
            Act::Define { name } => {
                self.programmes.insert(name.clone());
            }
            Act::Earn { customer, purchase, cents } => {
                let (told, points) = (&said["transaction"], points_for(*cents));
                let it = self.purchases.entry(purchase.clone()).or_default();
                (it.id, it.transaction) = (text(&said, "purchase"), text(told, "id"));
                (it.customer, it.cents) = (customer.clone(), *cents);
                self.give(customer, Counter::Issuance, points);
                self.note(told, Some(points));
            }
            Act::Burn { customer, points } => {
                self.give(customer, Counter::Settlement, -points);
                self.note(&said, Some(-points));
            }
            Act::Refund { purchase, cents, .. } => {
                self.purchases.entry(purchase.clone()).or_default().refunded += cents;
                self.note(&said["transaction"], None);
            }
            Act::Reverse { customer, transaction, gave, from } => {
                self.undone.insert(transaction.clone());
                self.give(customer, *from, -gave);
                self.note(&said, Some(-gave));
            }
            Act::Hold { customer, points, .. } => {
                let hold = self.holds.entry(text(&said, "id")).or_default();
                (hold.customer, hold.points) = (customer.name.clone(), *points);
            }
            Act::Capture { hold, points, .. } => {
                let it = self.holds.entry(hold.clone()).or_default();
                it.parts += points.unwrap_or_default();
                it.is_taken |= points.is_none();
                self.note(&said, points.map(|it| -it));
            }
            Act::Void { hold } => self.holds.entry(hold.clone()).or_default().is_void = true,
            Act::Adjust { customer, points } => {
                self.give(customer, Counter::Issuance, *points);
                self.note(&said, Some(*points));
            }
        }
    }

    fn give(&mut self, customer: &str, from: Counter, points: i64) {
        *self.customers.entry(customer.to_owned()).or_default() += points;
        *self.counters.entry(from).or_default() -= points;
    }

    /// A request that moves no points is answered without a transaction.
    fn note(&mut self, told: &Value, gave: Option<i64>) {
        if told.is_null() && gave.unwrap_or_default() == 0 {
            return;
        }
        let id = text(told, "id");
        if self.transactions.insert(id.clone(), Written { told: told.clone(), gave }).is_some() {
            self.shared.push(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        dice::Dice,
        load::{Asked, Customer, Request},
        world::Tenant,
    };

    fn ada() -> String {
        "ada".to_owned()
    }

    fn asked(act: Act, body: &Value) -> Asked {
        let answer = Answer { status: 200, is_replay: false, body: body.to_string() };
        let (key, request) = (String::new(), Request::get("", ""));
        Asked { key, act, request, answer: Some(answer), sent: 1 }
    }

    fn transaction(id: &str) -> Value {
        json!({ "id": id })
    }

    fn earned(name: &str, cents: i64) -> Asked {
        let body = json!({ "purchase": name, "transaction": transaction(name) });
        asked(Act::Earn { customer: ada(), purchase: name.to_owned(), cents }, &body)
    }

    fn refunded(name: &str, cents: i64) -> Asked {
        let act = Act::Refund { customer: ada(), purchase: name.to_owned(), cents };
        asked(act, &json!({ "transaction": transaction(&format!("{name}-{cents}")) }))
    }

    fn captured(id: &str, points: Option<i64>) -> Asked {
        let act = Act::Capture { customer: ada(), hold: "hold".to_owned(), points };
        asked(act, &transaction(id))
    }

    fn held(points: i64) -> Asked {
        let customer = Customer { name: ada(), account: String::new() };
        let act = Act::Hold { customer, counter: String::new(), points };
        asked(act, &transaction("hold"))
    }

    fn paper(asked: Vec<Asked>) -> Paper {
        let (handle, secret, programme) = ("north", String::new(), String::new());
        Paper::of(&Book { tenant: Tenant { handle, secret, programme }, asked })
    }

    #[test]
    fn the_same_requests_come_to_the_same_in_any_order() {
        let mut all = vec![
            earned("shoes", 2_950),
            refunded("shoes", 60),
            refunded("shoes", 1_000),
            held(8),
            captured("part", Some(3)),
            captured("rest", None),
        ];

        for seed in 0..50 {
            Dice::of(seed, 0, 0).shuffle(&mut all);
            let paper = paper(all.clone());

            // 29 points for 29.50, of which 18.90 are kept, and all 8 of the hold are spent.
            assert_eq!(paper.customers["ada"], 18 - 8);
            assert_eq!(paper.counters[&Counter::Issuance], -18);
            assert_eq!(paper.counters[&Counter::Settlement], 8);
            assert_eq!((paper.holds["hold"].left(), paper.holds["hold"].state()), (0, "captured"));
            assert_eq!(paper.purchases["shoes"].refunded_points(), 11);
        }
    }

    #[test]
    fn a_purchase_that_is_undone_is_given_back_once() {
        let act = Act::Reverse {
            customer: ada(),
            transaction: "shoes".to_owned(),
            gave: 29,
            from: Counter::Issuance,
        };

        let paper = paper(vec![earned("shoes", 2_950), asked(act, &transaction("undone"))]);

        assert_eq!(paper.customers["ada"], 0);
        assert_eq!(paper.counters[&Counter::Issuance], 0);
        assert_eq!(paper.purchases["shoes"].refunded(), 2_950);
    }

    #[test]
    fn one_answer_to_two_requests_is_told() {
        let paper = paper(vec![held(8), captured("part", Some(3)), captured("part", Some(3))]);

        assert_eq!(paper.shared, ["part"]);
    }
}
