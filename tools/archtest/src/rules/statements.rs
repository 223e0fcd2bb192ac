//! SQL stands where people look for it, as named constants: in a module's `store`, in a platform
//! crate's files named `sql`.

use std::path::Path;

use syn::{
    Expr, ImplItemConst, ItemConst, TraitItemConst,
    spanned::Spanned,
    visit::{self, Visit},
};

use crate::{
    Crate, Source, Tier, Violation, Workspace,
    source::{Kind, Token},
    sql::is_statement,
};

const PLACE: &str = "move it to `store` (module) or to a file named `sql` (platform)";
const NAME: &str = "make it `const NAME: &str`, so that a test can walk every statement";

const INCLUDED: &str = "write it as a constant in its place; only migrations are files of SQL";

/// Files whose statements are put together from pieces, and why they must be.
pub const GENERATED_SQL: [(&str, &str); 3] = [
    ("platform/books/src/sql/verify.rs", "each check is wrapped in the same words, by a macro"),
    ("platform/books/src/sql/write.rs", "one statement writes all parts of a batch that it has"),
    ("platform/events/src/sql.rs", "its parameters are numbered from where the books' end"),
];

/// These make, mend and empty databases for others.
const FREE: [&str; 2] = ["platform/db", "platform/testkit"];

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let mut found = Vec::new();
    for it in workspace.crates.iter().filter(|it| is_bound(it)) {
        for (inside, source) in it.shipped() {
            let in_place = is_place(it, inside);
            let constants = if in_place { constants(source) } else { Vec::new() };
            let is_generated = GENERATED_SQL.iter().any(|(path, _)| *path == source.path);
            for text in source.strings().filter(|it| is_statement(&it.text)) {
                let remedy = if !in_place {
                    PLACE
                } else if !is_generated && !is_within(text, &constants) {
                    NAME
                } else {
                    continue;
                };
                let what = format!("a statement: `{}`", opening(&text.text));
                found.push(Violation::new(&source.path, text.line(), what, remedy));
            }
            for text in included(source) {
                let what = format!("statements out of sight: `{}`", text.text);
                found.push(Violation::new(&source.path, text.line(), what, INCLUDED));
            }
        }
    }
    found
}

/// The files of SQL that a source includes besides migrations.
fn included(source: &Source) -> impl Iterator<Item = &Token> {
    let calls = source
        .tokens
        .windows(4)
        .filter(|it| it[0].is("include_str") && it[1].is("!") && it[3].kind == Kind::Text);
    let is_file = |path: &str| {
        Path::new(path).extension().is_some_and(|it| it == "sql") && !path.contains("migrations/")
    };
    calls.map(|it| &it[3]).filter(move |it| is_file(&it.text))
}

fn is_bound(it: &Crate) -> bool {
    it.tier() != Some(Tier::Tool) && !FREE.contains(&it.path.as_str())
}

/// Whether a file of the crate may hold SQL.
pub(super) fn is_place(it: &Crate, inside: &str) -> bool {
    let folder = match it.tier() {
        Some(Tier::Module) => return inside == "src/store.rs" || inside.starts_with("src/store/"),
        Some(Tier::Kernel | Tier::Platform) => "sql",
        _ => return false,
    };
    inside.split(['/', '.']).any(|it| it == folder)
}

type Range = ((usize, usize), (usize, usize));

fn is_within(token: &Token, ranges: &[Range]) -> bool {
    let at = (token.start.line, token.start.column);
    ranges.iter().any(|(from, to)| *from <= at && at < *to)
}

/// Where the values of constants stand.
fn constants(source: &Source) -> Vec<Range> {
    let mut values = Values(Vec::new());
    values.visit_file(&source.syntax);
    values.0
}

struct Values(Vec<Range>);

impl Values {
    fn keep(&mut self, value: &Expr) {
        let (from, to) = (value.span().start(), value.span().end());
        self.0.push(((from.line, from.column), (to.line, to.column)));
    }
}

impl<'a> Visit<'a> for Values {
    fn visit_item_const(&mut self, it: &'a ItemConst) {
        self.keep(&it.expr);
        visit::visit_item_const(self, it);
    }

    fn visit_impl_item_const(&mut self, it: &'a ImplItemConst) {
        self.keep(&it.expr);
        visit::visit_impl_item_const(self, it);
    }

    fn visit_trait_item_const(&mut self, it: &'a TraitItemConst) {
        if let Some((_, value)) = &it.default {
            self.keep(value);
        }
        visit::visit_trait_item_const(self, it);
    }
}

/// Enough of a statement to find it by.
pub(super) fn opening(text: &str) -> String {
    text.split_whitespace().take(5).collect::<Vec<_>>().join(" ")
}
