//! Work that spans tenants is for platform crates and migrations.

use crate::{Tier, Violation, Workspace, sql};

/// The entrances to the system role; `platform/db` declares them.
const ENTRANCES: [&str; 3] = ["SystemTx", "read_system", "run_system"];

const REMEDY: &str = "serve one tenant at a time with `Db::run` or `Db::read`";

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let bound = |tier| matches!(tier, Some(Tier::Contract | Tier::Module | Tier::App));
    let mut found = Vec::new();
    for it in workspace.crates.iter().filter(|it| bound(it.tier())) {
        for (_, source) in it.shipped() {
            let words = source.tokens.iter().filter(|it| it.is_word());
            let entered = words.filter(|it| ENTRANCES.contains(&it.text.as_str()));
            let roles = source.strings().filter(|it| names_system_role(&it.text));
            for token in entered.chain(roles) {
                let what = format!("`{}` spans tenants", token.text);
                found.push(Violation::new(&source.path, token.line(), what, REMEDY));
            }
        }
    }
    found
}

/// Taking the role by hand is an entrance too.
fn names_system_role(text: &str) -> bool {
    let is_role = |it: &sql::Token| it.text.starts_with("socle_") && it.text.ends_with("_system");
    sql::is_statement(text) && sql::code(text).iter().any(|it| it.is_word() && is_role(it))
}
