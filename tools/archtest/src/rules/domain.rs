//! Decisions are pure: no I/O, no wire format, no waiting.

use crate::{
    Crate, Tier, Violation, Workspace,
    source::{Kind, Token},
};

const IMPURE: [&str; 6] = ["async", "serde", "serde_json", "socle_db", "sqlx", "tokio"];

const REMEDY: &str = "move it to app, store or an edge: the domain decides, it does not fetch";

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let mut found = Vec::new();
    for it in &workspace.crates {
        for (_, source) in it.shipped().filter(|(inside, _)| is_pure(it, inside)) {
            let derived = derives(&source.tokens);
            for (at, token) in source.tokens.iter().enumerate() {
                let impure = token.is_word() && IMPURE.contains(&token.text.as_str());
                if impure && !(derived[at] && is_storage(&source.tokens[at..])) {
                    let what = format!("`{}` in code that decides", token.text);
                    found.push(Violation::new(&source.path, token.line(), what, REMEDY));
                }
            }
        }
    }
    found
}

fn is_pure(it: &Crate, inside: &str) -> bool {
    let stem = match it.tier() {
        Some(Tier::Module) => "src/domain",
        Some(Tier::Platform) if it.path == "platform/books" => "src/engine",
        _ => return false,
    };
    inside.strip_prefix(stem).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

/// Which tokens stand inside `#[derive(…)]` or `#[sqlx(…)]`, where storage may be named.
fn derives(tokens: &[Token]) -> Vec<bool> {
    let mut inside = vec![false; tokens.len()];
    let mut depth = 0_usize;
    for at in 0..tokens.len() {
        let opens = tokens[at].is("[") && at.checked_sub(1).is_some_and(|at| tokens[at].is("#"));
        let names = tokens.get(at + 1).is_some_and(|it| it.is("derive") || it.is("sqlx"));
        if depth == 0 && !(opens && names) {
            continue;
        }
        inside[at] = true;
        depth += usize::from(tokens[at].kind == Kind::Open);
        depth -= usize::from(tokens[at].kind == Kind::Close);
    }
    inside
}

/// `sqlx::FromRow`, `sqlx::Type` and the attribute that belongs to them.
fn is_storage(rest: &[Token]) -> bool {
    let texts: Vec<&str> = rest.iter().take(4).map(|it| it.text.as_str()).collect();
    matches!(texts[..], ["sqlx", ":", ":", "FromRow" | "Type"] | ["sqlx", "(", ..])
}
