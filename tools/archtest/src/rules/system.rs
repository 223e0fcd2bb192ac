//! Work that spans tenants is for platform crates and migrations.

use crate::{Tier, Violation, Workspace, source::Token, sql};

/// The entrances to the system role, those of `platform/db` and the names that would be like them.
const ENTRANCES: [&str; 5] =
    ["SystemTx", "begin_system", "inspect_system", "read_system", "run_system"];

const REMEDY: &str = "serve one tenant at a time with `Db::run` or `Db::read`";

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let bound = |tier| matches!(tier, Some(Tier::Contract | Tier::Module | Tier::App));
    let mut found = Vec::new();
    for it in workspace.crates.iter().filter(|it| bound(it.tier())) {
        for (_, source) in it.shipped() {
            let places = (0..source.tokens.len()).map(|at| &source.tokens[at..]);
            let entered = places.filter(|it| is_entrance(it)).map(|it| &it[0]);
            let roles = source.strings().filter(|it| names_system_role(&it.text));
            for token in entered.chain(roles) {
                let what = format!("`{}` spans tenants", token.text);
                found.push(Violation::new(&source.path, token.line(), what, REMEDY));
            }
        }
    }
    found
}

/// `inspect` is a word of iterators too; only the one of a `Db` takes asynchronous work.
fn is_entrance(rest: &[Token]) -> bool {
    let texts: Vec<&str> = rest.iter().take(3).map(|it| it.text.as_str()).collect();
    rest[0].is_word() && (ENTRANCES.contains(&texts[0]) || texts == ["inspect", "(", "async"])
}

/// Taking the role by hand is an entrance too.
fn names_system_role(text: &str) -> bool {
    let is_role = |it: &sql::Token| it.text.starts_with("socle_") && it.text.ends_with("_system");
    sql::is_statement(text) && sql::code(text).iter().any(|it| it.is_word() && is_role(it))
}
