//! Tells a statement from a sentence: "delete the lot from the shelf" is no SQL.

use super::{Token, code};

/// A word that opens an English object, and no name of ours.
const DETERMINERS: [&str; 14] = [
    "a", "an", "another", "each", "every", "its", "no", "one", "our", "that", "the", "this",
    "what", "your",
];

const OBJECTS: [&str; 23] = [
    "aggregate",
    "constraint",
    "database",
    "default",
    "domain",
    "event",
    "extension",
    "function",
    "index",
    "materialized",
    "or",
    "policy",
    "procedure",
    "role",
    "rule",
    "schema",
    "sequence",
    "table",
    "temporary",
    "trigger",
    "type",
    "unique",
    "view",
];

/// Whether the text is a statement of SQL, as far as its shape tells.
pub(crate) fn is_statement(text: &str) -> bool {
    let tokens = code(text);
    let Some((verb, rest)) = tokens.split_first() else { return false };
    if rest.first().is_none_or(|it| DETERMINERS.contains(&it.text.as_str())) {
        return false;
    }
    match verb.text.as_str() {
        "select" => selects(rest),
        "insert" | "merge" => opens(rest, &["into"]) && names(rest.get(1)),
        "update" => has(rest, "set") && has(rest, "="),
        "delete" => opens(rest, &["from"]) && names(rest.get(1)),
        "with" => opens(rest, &["recursive"]) || pairs(rest, "as", &["(", "materialized", "not"]),
        "begin" | "commit" | "rollback" => {
            opens(rest, &[";", "transaction", "isolation", "read", "work"])
        }
        "set" => {
            opens(rest, &["local", "session", "role", "constraints", "transaction"])
                || rest.get(1).is_some_and(|it| it.is("="))
                || is_dotted(rest) && rest.get(3).is_some_and(|it| it.is("=") || it.is("to"))
        }
        "lock" => opens(rest, &["table"]) || has(rest, "mode"),
        "copy" => {
            pairs(rest, "from", &["stdin", "program"])
                || pairs(rest, "to", &["stdout", "program"])
                || opens(rest, &["("])
        }
        "alter" | "create" | "drop" => opens(rest, &OBJECTS),
        "truncate" => opens(rest, &["table"]) || is_dotted(rest),
        "grant" => has(rest, "on") && has(rest, "to"),
        "revoke" => has(rest, "on") && has(rest, "from"),
        "explain" => opens(rest, &["(", "analyze", "select", "insert", "update", "delete", "with"]),
        "do" => opens(rest, &["$$"]),
        _ => false,
    }
}

/// `select … from <name>`, or an expression: `select 1`, `select now()`.
fn selects(rest: &[Token]) -> bool {
    let reads = rest.windows(2).any(|it| it[0].is("from") && names(it.get(1)));
    let computes = !rest[0].is_word() || rest.iter().any(|it| it.is("(") || it.is(":"));
    reads || computes
}

fn is_dotted(rest: &[Token]) -> bool {
    rest.get(1).is_some_and(|it| it.is(".")) && names(rest.get(2))
}

fn names(token: Option<&Token>) -> bool {
    token.is_some_and(|it| !DETERMINERS.contains(&it.text.as_str()))
}

fn opens(rest: &[Token], with: &[&str]) -> bool {
    rest.first().is_some_and(|it| with.iter().any(|word| it.is(word)))
}

fn has(rest: &[Token], word: &str) -> bool {
    rest.iter().any(|it| it.is(word))
}

fn pairs(rest: &[Token], word: &str, then: &[&str]) -> bool {
    rest.windows(2).any(|it| it[0].is(word) && then.iter().any(|then| it[1].is(then)))
}
