//! The parts of a statement that read or write on their own.

use super::{Token, statements};

/// Opens a part of its own, when it stands first in brackets.
const VERBS: [&str; 6] = ["select", "insert", "update", "delete", "with", "merge"];
/// Joins two parts of equal rank.
const JOINTS: [&str; 3] = ["union", "except", "intersect"];

/// Each statement, each side of a `union` and each subquery as a list of its own tokens: what a
/// part's subqueries say is not said by the part.
pub(crate) fn blocks(tokens: &[Token]) -> Vec<Vec<&Token>> {
    let mut found = Vec::new();
    for statement in statements(tokens) {
        collect(statement, &mut found);
    }
    found
}

fn collect<'t>(tokens: &'t [Token], found: &mut Vec<Vec<&'t Token>>) {
    let (mut own, mut at) = (Vec::new(), 0);
    while let Some(token) = tokens.get(at) {
        let inner = tokens.get(at + 1);
        if token.is("(") && inner.is_some_and(|it| VERBS.iter().any(|verb| it.is(verb))) {
            let end = closing(tokens, at);
            collect(&tokens[at + 1..end], found);
            at = end;
        } else if JOINTS.iter().any(|joint| token.is(joint)) {
            found.push(std::mem::take(&mut own));
        } else {
            own.push(token);
        }
        at += 1;
    }
    found.push(own);
}

/// The place of the bracket that closes the one at `open`, or the end.
pub(super) fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.is("(") {
            depth += 1;
        } else if token.is(")") {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    tokens.len()
}
