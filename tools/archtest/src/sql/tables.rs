//! The tables that a migration makes, with their classes.

use super::{Kind, Token, blocks::closing};

/// Whose rows a table holds, declared by `-- class: …` above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// One tenant's each: every key begins with the tenant.
    Tenant,
    /// Small and global, such as tenants and key prefixes.
    Directory,
    /// The machinery's own, such as outbox and cursors.
    Engine,
}

/// A `create table`; a partition is none, because its parent speaks for it.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) schema: String,
    pub(crate) name: String,
    pub(crate) class: Option<Class>,
    pub(crate) line: usize,
    /// What stands between the brackets.
    pub(crate) body: Vec<Token>,
}

/// The tables made by these tokens, comments included.
pub(crate) fn tables(tokens: &[Token]) -> Vec<Table> {
    let starts = (0..tokens.len()).filter(|at| tokens[*at].is("create"));
    starts.filter_map(|at| table(tokens, at)).collect()
}

fn table(tokens: &[Token], create: usize) -> Option<Table> {
    let mut at = create + 1;
    while tokens.get(at).is_some_and(|it| it.is("unlogged") || it.is("temporary")) {
        at += 1;
    }
    tokens.get(at).filter(|it| it.is("table"))?;
    let (schema, name, open) = qualified(tokens, at + 1)?;
    tokens.get(open).filter(|it| it.is("("))?;
    let body = &tokens[open + 1..closing(tokens, open)];
    let body = body.iter().filter(|it| it.kind != Kind::Comment).cloned().collect();
    let class = class_above(&tokens[..create]);
    Some(Table { schema, name, class, line: tokens[create].line, body })
}

fn class_above(before: &[Token]) -> Option<Class> {
    let above = before.iter().rev().take_while(|it| it.kind == Kind::Comment);
    above.filter_map(|it| it.text.strip_prefix("class:")).find_map(|class| match class.trim() {
        "tenant" => Some(Class::Tenant),
        "directory" => Some(Class::Directory),
        "engine" => Some(Class::Engine),
        _ => None,
    })
}

/// Reads `[if not exists] [only] [schema.]name`; returns what follows as a position.
pub(super) fn qualified(tokens: &[Token], mut at: usize) -> Option<(String, String, usize)> {
    while ["if", "not", "exists", "only"].iter().any(|it| tokens.get(at).is_some_and(|t| t.is(it)))
    {
        at += 1;
    }
    let first = tokens.get(at).filter(|it| it.is_word())?.text.clone();
    match (tokens.get(at + 1), tokens.get(at + 2)) {
        (Some(dot), Some(name)) if dot.is(".") => Some((first, name.text.clone(), at + 3)),
        _ => Some((String::new(), first, at + 1)),
    }
}
