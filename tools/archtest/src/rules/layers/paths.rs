//! The paths of a file that lead to the root of its own crate.

use crate::source::Token;

/// How many modules deep a file lies: 1 for `src/store.rs`, 2 for `src/store/find.rs`.
pub(super) fn depth(inside: &str) -> usize {
    inside.split('/').count() - 1
}

/// The names that are reached below the root, by `crate::…` or by enough `super::`, in `use`
/// groups and macro calls too, each with its line.
pub(super) fn into_own_crate(tokens: &[Token], depth: usize) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let (mut depth, mut closing) = (depth, Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].is("mod") && tokens.get(at + 2).is_some_and(|it| it.is("{")) {
            depth += 1;
            closing.push(0_usize);
            at += 3;
            continue;
        }
        if let Some(open) = closing.last_mut() {
            if tokens[at].is("{") {
                *open += 1;
            } else if tokens[at].is("}") && *open == 0 {
                closing.pop();
                depth -= 1;
            } else if tokens[at].is("}") {
                *open -= 1;
            }
        }
        match root(&tokens[at..], depth) {
            Some(length) => {
                heads(&tokens[at + length..], &mut found);
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// The length of `crate::`, or of as many `super::` as lead to the root, if that stands here.
fn root(rest: &[Token], depth: usize) -> Option<usize> {
    let joined = |at: usize| {
        let pair = [rest.get(at), rest.get(at + 1)];
        pair.iter().all(|it| it.is_some_and(|it| it.is(":")))
    };
    if rest.first()?.is("crate") && joined(1) {
        return Some(3);
    }
    let mut supers = 0;
    while rest.get(3 * supers).is_some_and(|it| it.is("super")) && joined(3 * supers + 1) {
        supers += 1;
    }
    (0 < supers && supers == depth).then_some(3 * supers)
}

/// The first name of the path, or of each path of the group.
fn heads(rest: &[Token], found: &mut Vec<(String, usize)>) {
    let Some(first) = rest.first() else { return };
    if first.is_word() {
        found.push((first.text.clone(), first.line()));
    }
    if !first.is("{") {
        return;
    }
    let (mut depth, mut is_head) = (0_usize, true);
    for token in rest {
        if token.is("{") {
            depth += 1;
        } else if token.is("}") {
            depth -= 1;
            if depth == 0 {
                return;
            }
        } else if depth == 1 && token.is(",") {
            is_head = true;
        } else if depth == 1 && is_head && token.is_word() {
            found.push((token.text.clone(), token.line()));
            is_head = false;
        }
    }
}
