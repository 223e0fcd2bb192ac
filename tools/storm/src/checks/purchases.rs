//! Every purchase has earned what it had to, and has been given back as far as was asked.

use super::{Finding, Seen, paper::Paper, seen::number};
use crate::load::{Book, points_for};

pub(super) fn check(book: &Book, seen: &Seen) -> Vec<Finding> {
    let paper = Paper::of(book);
    let differs = paper.purchases.values().filter_map(|it| {
        let expected = [it.cents, points_for(it.cents), it.refunded(), it.refunded_points()];
        let found = seen.purchases.get(&it.id)?;
        let found = ["amount", "points", "refunded", "refunded_points"].map(|it| number(found, it));
        let says = format!("{}: {expected:?} expected, {found:?} found", it.id);
        (expected != found).then(|| Finding::new("purchases", says))
    });
    differs.collect()
}
