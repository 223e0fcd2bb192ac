//! The constraints that a migration declares.

use super::{Token, blocks::closing, statements, tables, tables::qualified};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConstraintKind {
    Primary,
    Unique,
    Foreign,
    Check,
}

/// A constraint or a unique index, wherever it is declared.
#[derive(Debug)]
pub(crate) struct Constraint {
    pub(crate) table: String,
    pub(crate) line: usize,
    pub(crate) kind: ConstraintKind,
    pub(crate) is_named: bool,
    /// The first word of each; empty for a check.
    pub(crate) columns: Vec<String>,
    /// What a foreign key points at.
    pub(crate) target: Option<(String, Vec<String>)>,
}

/// The constraints declared by these tokens, without comments: in `create table`, in `alter table`
/// and as unique indexes.
pub(crate) fn constraints(tokens: &[Token]) -> Vec<Constraint> {
    let mut found: Vec<Constraint> = Vec::new();
    for table in tables(tokens) {
        for item in comma_separated(&table.body) {
            read_item(&table.name, item, &mut found);
        }
    }
    for statement in statements(tokens) {
        let words: Vec<&str> = statement.iter().take(4).map(|it| it.text.as_str()).collect();
        match words[..] {
            ["alter", "table", ..] => read_alter(statement, &mut found),
            ["create", "unique", "index", ..] => found.extend(unique_index(statement)),
            _ => {}
        }
    }
    found
}

fn read_alter(statement: &[Token], found: &mut Vec<Constraint>) {
    let Some((_, table, at)) = qualified(statement, 2) else { return };
    for action in comma_separated(&statement[at..]) {
        let skipped = ["add", "column", "if", "not", "exists"];
        let skip = action.iter().take_while(|it| skipped.iter().any(|word| it.is(word))).count();
        if action.first().is_some_and(|it| it.is("add")) {
            read_item(&table, &action[skip..], found);
        }
    }
}

fn unique_index(statement: &[Token]) -> Option<Constraint> {
    let on = statement.iter().position(|it| it.is("on"))?;
    let (_, table, at) = qualified(statement, on + 1)?;
    let (line, columns) = (statement[0].line, names(group(&statement[at..])));
    let kind = ConstraintKind::Unique;
    Some(Constraint { table, line, kind, is_named: true, columns, target: None })
}

/// Reads a column or a table constraint: what stands between two commas.
fn read_item(table: &str, item: &[Token], found: &mut Vec<Constraint>) {
    let (mut is_named, mut depth) = (false, 0_usize);
    let of_column = item.first().map(|it| vec![it.text.clone()]).unwrap_or_default();
    let opening = ["constraint", "primary", "unique", "foreign", "check"];
    let is_column = !opening.iter().any(|word| item.first().is_some_and(|it| it.is(word)));
    for (at, token) in item.iter().enumerate() {
        depth += usize::from(token.is("("));
        depth = depth.saturating_sub(usize::from(token.is(")")));
        let kind = match token.text.as_str() {
            _ if 0 < depth || !token.is_word() => continue,
            "constraint" => {
                is_named = true;
                continue;
            }
            "primary" => ConstraintKind::Primary,
            "unique" => ConstraintKind::Unique,
            "check" => ConstraintKind::Check,
            "foreign" => ConstraintKind::Foreign,
            "references" if is_column => ConstraintKind::Foreign,
            _ => continue,
        };
        let line = token.line;
        let rest = &item[at..];
        let columns = match kind {
            ConstraintKind::Check => Vec::new(),
            _ if is_column => of_column.clone(),
            _ => names(group(rest)),
        };
        let target = (kind == ConstraintKind::Foreign).then(|| target(rest)).flatten();
        let table = table.to_owned();
        found.push(Constraint { table, line, kind, is_named, columns, target });
        is_named = false;
    }
}

fn target(rest: &[Token]) -> Option<(String, Vec<String>)> {
    let references = rest.iter().position(|it| it.is("references"))?;
    let (_, table, at) = qualified(rest, references + 1)?;
    let listed = rest.get(at).is_some_and(|it| it.is("("));
    Some((table, if listed { names(group(&rest[at..])) } else { Vec::new() }))
}

/// The inside of the first brackets.
pub(crate) fn group(tokens: &[Token]) -> &[Token] {
    let Some(open) = tokens.iter().position(|it| it.is("(")) else { return &[] };
    &tokens[open + 1..closing(tokens, open)]
}

fn names(list: &[Token]) -> Vec<String> {
    comma_separated(list).filter_map(|it| it.first()).map(|it| it.text.clone()).collect()
}

/// Splits at the commas that stand in no brackets.
pub(crate) fn comma_separated(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    let mut depth = 0_usize;
    tokens.split(move |it| {
        depth += usize::from(it.is("("));
        depth = depth.saturating_sub(usize::from(it.is(")")));
        depth == 0 && it.is(",")
    })
}
