//! A module names its own schema only; what it knows of others came as events.

use crate::{
    Crate, Tier, Violation, Workspace,
    sql::{self, Token, is_statement},
};

use super::statements::{is_place, opening};

const REMEDY: &str = "keep a read model from the other module's events";

/// Schemas of nobody, where a forgotten qualifier ends up.
const COMMON: [&str; 2] = ["public", "information_schema"];

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let mut found = Vec::new();
    for it in workspace.crates.iter().filter(|it| it.tier() == Some(Tier::Module)) {
        for (inside, source) in it.shipped() {
            let is_sql = |text: &str| is_place(it, inside) || is_statement(text);
            for text in source.strings().filter(|it| is_sql(&it.text)) {
                for foreign in foreign(it, &sql::code(&text.text)) {
                    let what = format!("`{}` names {}", opening(&text.text), foreign.text);
                    found.push(Violation::new(&source.path, text.line(), what, REMEDY));
                }
            }
        }
        for migration in &it.migrations {
            for foreign in foreign(it, &migration.tokens) {
                let what = format!("the migration names {}", foreign.text);
                found.push(Violation::new(&migration.path, foreign.line, what, REMEDY));
            }
        }
    }
    found
}

/// The schemas, and the roles called after them, that are another's.
fn foreign<'t>(it: &Crate, tokens: &'t [Token]) -> Vec<&'t Token> {
    let own = it.schema();
    let own = [own.clone(), format!("{own}_system")];
    let is_foreign = |at: &usize| {
        let token = &tokens[*at];
        let qualifies = tokens.get(at + 1).is_some_and(|it| it.is("."));
        let is_common = qualifies && COMMON.contains(&token.text.as_str());
        let is_ours = token.text.starts_with("socle_");
        token.is_word() && !own.contains(&token.text) && (is_ours || is_common)
    };
    (0..tokens.len()).filter(is_foreign).map(|at| &tokens[at]).collect()
}
