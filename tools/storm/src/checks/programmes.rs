//! Every programme that was defined is there once, and no other.

use super::{Finding, Seen, paper::Paper, seen::text};
use crate::load::Book;

pub(super) fn check(book: &Book, seen: &Seen) -> Vec<Finding> {
    let mut expected: Vec<_> = Paper::of(book).programmes.into_iter().collect();
    let own = |it: &&serde_json::Value| text(it, "id") != book.tenant.programme;
    let mut found: Vec<_> = seen.programmes.iter().filter(own).map(|it| text(it, "name")).collect();
    expected.sort();
    found.sort();
    let says = format!("{expected:?} expected, {found:?} found");
    (expected != found).then(|| Finding::new("programmes", says)).into_iter().collect()
}
