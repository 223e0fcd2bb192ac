//! Keys stay inside a tenant, and constraints have names that map to errors.

use crate::{
    Crate, Migration, Violation, Workspace,
    sql::{self, Class, Constraint, ConstraintKind, Table, comma_separated},
};

use super::tables::{migrations, without_comments};

const KEY: &str = "begin it with `tenant_id`, so that no key crosses or probes a tenant";
const NAMED: &str = "write `constraint <name>` before it, and map the name to an error";

pub(super) fn check_keys(workspace: &Workspace) -> Vec<Violation> {
    let mut found = Vec::new();
    for it in &workspace.crates {
        let tables = declared(it, |it| sql::tables(&it.tokens));
        let constraints = declared(it, |it| sql::constraints(&without_comments(it)));
        let class = |name: &str| {
            let named = tables.iter().find(|(_, it)| it.name == name);
            named.and_then(|(_, it)| it.class)
        };
        for (path, table) in tables.iter().filter(|(_, it)| it.class == Some(Class::Tenant)) {
            let own = constraints.iter().filter(|(_, it)| it.table == table.name);
            let is_keyed = own.clone().any(|(_, it)| it.kind == ConstraintKind::Primary);
            for what in flaws_of_table(table, is_keyed) {
                found.push(Violation::new(path, table.line, what, KEY));
            }
            for (path, constraint) in own {
                if let Some(flaw) = flaw(constraint, class) {
                    let what = format!("{flaw} of {}", table.name);
                    found.push(Violation::new(path, constraint.line, what, KEY));
                }
            }
        }
    }
    found
}

/// What the migrations of a crate declare, each with its file.
fn declared<T>(it: &Crate, read: impl Fn(&Migration) -> Vec<T>) -> Vec<(&str, T)> {
    let mut found = Vec::new();
    for migration in &it.migrations {
        found.extend(read(migration).into_iter().map(|one| (migration.path.as_str(), one)));
    }
    found
}

fn flaws_of_table(table: &Table, is_keyed: bool) -> Vec<String> {
    let mut flaws = Vec::new();
    let is_tenant = |it: &[sql::Token]| {
        let texts: Vec<&str> = it.iter().take(4).map(|it| it.text.as_str()).collect();
        texts == ["tenant_id", "uuid", "not", "null"]
    };
    if !comma_separated(&table.body).any(is_tenant) {
        flaws.push(format!("{} has no `tenant_id uuid not null`", table.name));
    }
    if !is_keyed {
        flaws.push(format!("{} has no primary key", table.name));
    }
    flaws
}

fn flaw(it: &Constraint, class: impl Fn(&str) -> Option<Class>) -> Option<&'static str> {
    let tenant_first = |columns: &[String]| columns.first().is_some_and(|it| it == "tenant_id");
    match it.kind {
        ConstraintKind::Check => None,
        ConstraintKind::Primary => (!tenant_first(&it.columns)).then_some("the primary key"),
        ConstraintKind::Unique => (!tenant_first(&it.columns)).then_some("a unique constraint"),
        ConstraintKind::Foreign => {
            let (table, columns) = it.target.as_ref()?;
            // The tenants themselves are a directory.
            let stays = tenant_first(columns) || class(table) == Some(Class::Directory);
            (!tenant_first(&it.columns) || !stays).then_some("a foreign key")
        }
    }
}

pub(super) fn check_names(workspace: &Workspace) -> Vec<Violation> {
    let mut found = Vec::new();
    for (_, migration) in migrations(workspace) {
        for it in sql::constraints(&without_comments(migration)) {
            // Identifiers are drawn, not chosen: no caller is told that one is taken.
            if !it.is_named && it.kind != ConstraintKind::Primary {
                let what = format!("a nameless {:?} constraint of {}", it.kind, it.table);
                found.push(Violation::new(&migration.path, it.line, what, NAMED));
            }
        }
    }
    found
}
