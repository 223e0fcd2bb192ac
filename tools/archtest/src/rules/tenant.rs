//! Every statement on a tenant's table names the tenant; row security is the second wall, not the
//! first.

use std::collections::BTreeSet;

use crate::{
    Crate, Tier, Violation, Workspace,
    source::{Kind, Token},
    sql::{self, Class, blocks, compares},
};

use super::statements::{is_place, opening};

const COLUMN: &str = "tenant_id";

const REMEDY: &str = "compare `tenant_id` in the `where`, `on` or `using` of each part that reads or writes the \
     table; an `insert` lists it";

/// Wraps a check of `verify`, which goes over all tenants by design: it finds rows with their
/// tenants, and what is around them keeps to the tenants that were asked for.
const OF_ALL: &str = "differences";

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
            for (at, text) in source.tokens.iter().enumerate() {
                if text.kind != Kind::Text {
                    continue;
                }
                let is_of_all = is_wrapped(&source.tokens[..at]);
                for table in nameless(&text.text, &it.schema(), (&tables, is_of_all)) {
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

/// Whether what follows stands in `differences!(…)`.
fn is_wrapped(before: &[Token]) -> bool {
    matches!(before, [.., name, bang, open] if name.is(OF_ALL) && bang.is("!") && open.is("("))
}

/// The tenant tables that some part of the text touches without keeping to a tenant.
fn nameless(
    text: &str,
    schema: &str,
    (tables, is_of_all): (&BTreeSet<String>, bool),
) -> Vec<String> {
    let tokens = sql::code(text);
    let mut found = Vec::new();
    // A table's bare name, for others to build a statement on, takes no rows.
    if tokens.len() == 3 {
        return found;
    }
    for part in blocks(&tokens).iter().flat_map(|it| parted(it)) {
        let touched = part
            .windows(3)
            .find(|it| it[0].is(schema) && it[1].is(".") && tables.contains(&it[2].text));
        let Some(touched) = touched else { continue };
        let inserts = part.first().is_some_and(|it| it.is("insert"));
        let is_named = part.iter().any(|it| it.is(COLUMN));
        if !is_named || !(is_of_all || inserts || compares(part, COLUMN)) {
            found.push(touched[2].text.clone());
        }
    }
    found
}

/// An `insert` lists its columns, and what it selects is a part by itself.
fn parted<'p, 't>(part: &'p [&'t sql::Token]) -> Vec<&'p [&'t sql::Token]> {
    let insert = part.iter().position(|it| it.is("insert"));
    let Some(insert) = insert else { return vec![part] };
    let select = part[insert..].iter().position(|it| it.is("select"));
    let at = select.map_or(part.len(), |it| insert + it);
    vec![&part[..insert], &part[insert..at], &part[at..]]
}
