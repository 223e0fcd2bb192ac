//! What a file of purchases comes to, reckoned by plain loops that share nothing with the program:
//! no books, no lots, no calendar but its own.

use std::{collections::BTreeMap, fs};

use crate::place::sample;

/// `YYYYMMDD` as a number: days compare as numbers do.
pub(crate) type Day = u32;

#[derive(Debug, Clone)]
pub(crate) struct Bought {
    pub(crate) customer: String,
    pub(crate) day: Day,
    pub(crate) points: i64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Balance {
    pub(crate) earned: i64,
    pub(crate) expired: i64,
}

/// The lines of the real file.
pub(crate) fn lines() -> Vec<String> {
    fs::read_to_string(sample()).unwrap().lines().map(str::to_owned).collect()
}

/// First column, third, and the dollars without their cents.
pub(crate) fn bought(line: &str) -> Bought {
    let mut columns = line.split(' ').filter(|it| !it.is_empty());
    let customer = columns.next().unwrap().to_owned();
    let day = columns.nth(1).unwrap().parse().unwrap();
    let dollars = columns.nth(1).unwrap();
    let whole = &dollars[..dollars.find('.').unwrap()];
    Bought { customer, day, points: whole.parse().unwrap() }
}

/// A lot of 1997-01-18 is worth nothing from 1998-01-18 on. The file has no 29 February.
pub(crate) fn balance<'b>(all: impl IntoIterator<Item = &'b Bought>, at: Day) -> Balance {
    let mut balance = Balance::default();
    for it in all {
        if it.day <= at {
            balance.earned += it.points;
        }
        if it.day + 10_000 <= at {
            balance.expired += it.points;
        }
    }
    balance
}

/// Each customer's purchases.
pub(crate) fn by_customer(all: &[Bought]) -> BTreeMap<&str, Vec<Bought>> {
    let mut customers: BTreeMap<&str, Vec<Bought>> = BTreeMap::new();
    for it in all {
        customers.entry(&it.customer).or_default().push(it.clone());
    }
    customers
}

/// As the command line takes it.
pub(crate) fn dashed(day: Day) -> String {
    format!("{}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100)
}

/// The same lines in another order, the same order each time.
pub(crate) fn shuffled(mut lines: Vec<String>) -> Vec<String> {
    let mut state: u64 = 0x5EED;
    for last in (1..lines.len()).rev() {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from((state >> 33) % (last as u64 + 1)).unwrap();
        lines.swap(last, other);
    }
    lines
}
