//! What a migration may make: tables with a declared class, behind row security, and no code.

use crate::{
    Crate, Migration, Violation, Workspace,
    sql::{self, Class, Kind, Table, Token, statements},
};

const CLASS: &str = "write `-- class: tenant`, `directory` or `engine` above the table";
const SECURITY: &str =
    "enable and force row security before anything is granted, with both policies";
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
    for it in &workspace.crates {
        let tokens: Vec<Token> = it.migrations.iter().flat_map(without_comments).collect();
        for migration in &it.migrations {
            let tables = sql::tables(&migration.tokens);
            for table in tables.iter().filter(|it| it.class == Some(Class::Tenant)) {
                for missing in missing_walls(table, &it.schema(), &tokens) {
                    let what = format!("the table {} lacks {missing}", table.name);
                    found.push(Violation::new(&migration.path, table.line, what, SECURITY));
                }
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
    workspace
        .crates
        .iter()
        .flat_map(|it| it.migrations.iter().map(move |migration| (it, migration)))
}

pub(super) fn without_comments(migration: &Migration) -> Vec<Token> {
    migration.tokens.iter().filter(|it| it.kind != Kind::Comment).cloned().collect()
}

fn missing_walls(table: &Table, schema: &str, tokens: &[Token]) -> Vec<String> {
    let actions = ["enable row level security", "force row level security"];
    let roles = [schema.to_owned(), format!("{schema}_system")];
    let (mut done, mut served) = (Vec::new(), Vec::new());
    for statement in statements(tokens) {
        let texts: Vec<&str> = statement.iter().map(|it| it.text.as_str()).collect();
        let names = |from: usize| texts[from..].starts_with(&[&table.schema, ".", &table.name]);
        match texts[..] {
            ["alter", "table", ..] if names(2) => done.push(texts.join(" ")),
            ["create", "policy", _, "on", ..] if names(4) => served.extend(roles_of(statement)),
            _ => {}
        }
    }
    let undone = actions.iter().filter(|action| !done.iter().any(|it| it.contains(*action)));
    let unserved = roles.iter().filter(|role| !served.contains(&role.as_str()));
    let policies = unserved.map(|role| format!("a policy to {role}"));
    undone.map(|action| format!("`{action}`")).chain(policies).collect()
}

/// The roles of a policy: the names between `to` and the conditions.
fn roles_of(policy: &[Token]) -> impl Iterator<Item = &str> {
    let after = policy.iter().skip_while(|it| !it.is("to"));
    let names = after.take_while(|it| !it.is("using") && !it.is("with"));
    names.filter(|it| it.is_word()).map(|it| it.text.as_str())
}
