//! Every hold is as far as the requests about it have brought it.

use super::{Finding, Seen, paper::Paper, seen::number};
use crate::load::Book;

pub(super) fn check(book: &Book, seen: &Seen) -> Vec<Finding> {
    let paper = Paper::of(book);
    let differs = paper.holds.iter().filter_map(|(id, it)| {
        let expected = (it.points, it.captured(), it.state());
        let found = seen.holds.get(id)?;
        let state = found["state"].as_str().unwrap_or_default();
        let found = (number(found, "amount"), number(found, "captured"), state);
        let says = format!("{id}: {expected:?} expected, {found:?} found");
        (expected != found).then(|| Finding::new("holds", says))
    });
    differs.collect()
}
