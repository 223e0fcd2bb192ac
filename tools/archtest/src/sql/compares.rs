//! Whether a part of a statement keeps to rows of which a column says something.

use super::Token;

/// What a comparison that narrows rows down is written with.
const NARROWS: [&str; 3] = ["=", "in", "is"];

/// Opens the rest of a part, where rows are chosen.
const CHOOSES: [&str; 4] = ["from", "join", "using", "where"];

/// Whether rows are chosen by `column`: compared in a `where` or `on`, joined by `using`. Named
/// among what is selected, set, grouped or sorted by, it chooses nothing.
pub(crate) fn compares(part: &[&Token], column: &str) -> bool {
    let start = part.iter().position(|it| CHOOSES.iter().any(|word| it.is(word)));
    let rest = &part[start.unwrap_or(part.len())..];
    (0..rest.len()).filter(|at| rest[*at].is(column)).any(|at| narrows(rest, at))
}

fn narrows(rest: &[&Token], at: usize) -> bool {
    let (first, last) = row(rest, at).unwrap_or_else(|| (reference(rest, at), at));
    let before = first.checked_sub(1).and_then(|it| rest.get(it));
    let after = rest.get(last + 1);
    before.is_some_and(|it| it.is("=") || it.is("using"))
        || after.is_some_and(|it| NARROWS.iter().any(|word| it.is(word)))
}

/// Where `alias.column` begins.
fn reference(rest: &[&Token], at: usize) -> usize {
    match at.checked_sub(1).map(|it| rest[it]) {
        Some(dot) if dot.is(".") => at.saturating_sub(2),
        _ => at,
    }
}

/// The brackets of `(tenant_id, id)`: a list of columns, around this one.
fn row(rest: &[&Token], at: usize) -> Option<(usize, usize)> {
    let is_listed = |it: &&&Token| it.is(",") || it.is(".") || is_name(it);
    let before = rest[..at].iter().rev().take_while(is_listed).count();
    let after = rest[at..].iter().take_while(is_listed).count();
    let (open, close) = ((at - before).checked_sub(1)?, at + after);
    let is_row = rest[open].is("(") && rest.get(close)?.is(")");
    is_row.then_some((open, close))
}

fn is_name(token: &Token) -> bool {
    token.is_word() && !["and", "in", "is", "not", "or"].contains(&token.text.as_str())
}
