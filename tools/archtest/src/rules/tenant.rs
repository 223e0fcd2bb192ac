//! Every statement on a tenant's table names the tenant; row security is the second wall, not the
//! first.

use std::collections::BTreeSet;

use crate::{
    Crate, Tier, Violation, Workspace,
    sql::{self, Class, blocks},
};

use super::statements::{is_place, opening};

const REMEDY: &str = "say `tenant_id` in each part that reads or writes the table";

/// Files of platform crates whose statements span tenants, and why they must.
pub const SYSTEM_SQL: [(&str, &str); 0] = [];

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let platform: BTreeSet<String> = workspace
        .crates
        .iter()
        .filter(|it| it.tier() == Some(Tier::Platform))
        .flat_map(tenant_tables)
        .collect();
    let mut found = Vec::new();
    for it in &workspace.crates {
        let tables: BTreeSet<String> = match it.tier() {
            Some(Tier::Platform) => platform.clone(),
            Some(Tier::Module) => tenant_tables(it).chain(platform.clone()).collect(),
            _ => continue,
        };
        for (_, source) in it.shipped().filter(|(inside, _)| is_place(it, inside)) {
            if SYSTEM_SQL.iter().any(|(path, _)| *path == source.path) {
                continue;
            }
            for text in source.strings() {
                for table in nameless(&text.text, &it.schema(), &tables) {
                    let what = format!("`{}` takes {table} of all tenants", opening(&text.text));
                    found.push(Violation::new(&source.path, text.line(), what, REMEDY));
                }
            }
        }
    }
    found
}

fn tenant_tables(it: &Crate) -> impl Iterator<Item = String> {
    let tables = it.migrations.iter().flat_map(|it| sql::tables(&it.tokens));
    tables.filter(|it| it.class == Some(Class::Tenant)).map(|it| it.name)
}

/// The tenant tables that some part of the text touches without naming the tenant.
fn nameless(text: &str, schema: &str, tables: &BTreeSet<String>) -> Vec<String> {
    let tokens = sql::code(text);
    let mut found = Vec::new();
    // A table's bare name, for others to build a statement on, takes no rows.
    if tokens.len() == 3 {
        return found;
    }
    for block in blocks(&tokens) {
        let touched = block
            .windows(3)
            .find(|it| it[0].is(schema) && it[1].is(".") && tables.contains(&it[2].text));
        if let Some(touched) = touched
            && !block.iter().any(|it| it.is("tenant_id"))
        {
            found.push(touched[2].text.clone());
        }
    }
    found
}
