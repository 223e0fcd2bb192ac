//! What a migration may make: tables with a declared class, behind row security, and no code.

use crate::{
    Crate, Migration, Violation, Workspace,
    sql::{self, Class, Kind, Table, Token, statements},
};

const CLASS: &str = "write `-- class: tenant`, `directory` or `engine` above the table";
const SECURITY: &str = "let the same migration enable and force row security, with both policies";
const TRIGGER: &str = "decide in `domain`; the database keeps, it does not decide";

pub(super) fn check_classes(workspace: &Workspace) -> Vec<Violation> {
    let mut found = Vec::new();
    for (_, migration) in migrations(workspace) {
        for table in sql::tables(&migration.tokens).iter().filter(|it| it.class.is_none()) {
            let what = format!("the table {} has no class", table.name);
            found.push(Violation::new(&migration.path, table.line, what, CLASS));
        }
    }
    found
}

pub(super) fn check_row_security(workspace: &Workspace) -> Vec<Violation> {
    let mut found = Vec::new();
    for (it, migration) in migrations(workspace) {
        let tokens = without_comments(migration);
        let tables = sql::tables(&migration.tokens);
        for table in tables.iter().filter(|it| it.class == Some(Class::Tenant)) {
            for missing in missing_walls(table, &it.schema(), &tokens) {
                let what = format!("the table {} lacks {missing}", table.name);
                found.push(Violation::new(&migration.path, table.line, what, SECURITY));
            }
        }
    }
    found
}

pub(super) fn check_triggers(workspace: &Workspace) -> Vec<Violation> {
    const CODE: [&str; 3] = ["trigger", "function", "procedure"];
    const BETWEEN: [&str; 4] = ["or", "replace", "constraint", "event"];
    let mut found = Vec::new();
    for (_, migration) in migrations(workspace) {
        let tokens = without_comments(migration);
        for at in (0..tokens.len()).filter(|at| tokens[*at].is("create")) {
            let is_between = |it: &&Token| BETWEEN.iter().any(|word| it.is(word));
            let made = tokens[at + 1..].iter().find(|it| !is_between(it));
            if let Some(made) = made.filter(|it| CODE.iter().any(|word| it.is(word))) {
                let what = format!("a {} in a migration", made.text);
                found.push(Violation::new(&migration.path, tokens[at].line, what, TRIGGER));
            }
        }
    }
    found
}

pub(super) fn migrations(workspace: &Workspace) -> impl Iterator<Item = (&Crate, &Migration)> {
    workspace.crates.iter().flat_map(|it| it.migrations.iter().map(move |migration| (it, migration)))
}

pub(super) fn without_comments(migration: &Migration) -> Vec<Token> {
    migration.tokens.iter().filter(|it| it.kind != Kind::Comment).cloned().collect()
}

fn missing_walls(table: &Table, schema: &str, tokens: &[Token]) -> Vec<String> {
    let mut missing = vec![
        "`enable row level security`".to_owned(),
        "`force row level security`".to_owned(),
        format!("a policy to {schema}"),
        format!("a policy to {schema}_system"),
    ];
    for statement in statements(tokens) {
        let texts: Vec<&str> = statement.iter().map(|it| it.text.as_str()).collect();
        let names = |from: usize| texts[from..].starts_with(&[&table.schema, ".", &table.name]);
        match texts[..] {
            ["alter", "table", ..] if names(2) => {
                let says = |it: &str| texts.join(" ").contains(it.trim_matches('`'));
                missing.retain(|it| !(it.starts_with('`') && says(it)));
            }
            ["create", "policy", _, "on", ..] if names(4) => {
                let roles = roles(&texts[7..]);
                missing.retain(|it| !roles.iter().any(|role| it.ends_with(&format!(" {role}"))));
            }
            _ => {}
        }
    }
    missing
}

/// The roles of a policy: the names between `to` and the conditions.
fn roles<'t>(rest: &[&'t str]) -> Vec<&'t str> {
    let after = rest.iter().skip_while(|it| **it != "to").skip(1);
    after.take_while(|it| !["using", "with"].contains(it)).filter(|it| **it != ",").copied().collect()
}
