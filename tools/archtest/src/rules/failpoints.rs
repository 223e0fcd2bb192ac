//! A crate lists the failpoints that its code passes, so that a test can die at each of them.

use std::collections::BTreeMap;

use syn::{
    Expr, ItemConst,
    spanned::Spanned,
    visit::{self, Visit},
};

use crate::{
    Crate, Violation, Workspace,
    source::{Kind, Token},
};

const CALL: &str = "failpoint";
const LIST: &str = "FAILPOINTS";

const UNLISTED: &str = "name it in the crate's `FAILPOINTS`, from which a test takes where to die";
const UNREACHED: &str = "take it off the list: nothing dies there";
const SPELLED: &str = "name the failpoint where it is passed";

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    workspace.crates.iter().flat_map(of_crate).collect()
}

fn of_crate(it: &Crate) -> Vec<Violation> {
    let (mut passed, mut listed) = (BTreeMap::new(), BTreeMap::new());
    let mut found = Vec::new();
    for (_, source) in it.shipped() {
        for argument in arguments(&source.tokens) {
            let place = (source.path.as_str(), argument.line());
            if argument.kind == Kind::Text {
                passed.entry(argument.text.as_str()).or_insert(place);
            } else {
                let what = format!("a failpoint called `{}`", argument.text);
                found.push(Violation::new(place.0, place.1, what, SPELLED));
            }
        }
        let mut lists = Lists(Vec::new());
        lists.visit_file(&source.syntax);
        for (first, last) in lists.0 {
            let inside = |it: &&Token| first <= it.line() && it.line() <= last;
            for name in source.strings().filter(inside) {
                listed.insert(name.text.as_str(), (source.path.as_str(), name.line()));
            }
        }
    }
    let mut differ = |one: &BTreeMap<&str, (&str, usize)>, other: &BTreeMap<&str, _>, remedy| {
        for (name, (path, line)) in one.iter().filter(|(name, _)| !other.contains_key(*name)) {
            found.push(Violation::new(path, *line, format!("the failpoint `{name}`"), remedy));
        }
    };
    differ(&passed, &listed, UNLISTED);
    differ(&listed, &passed, UNREACHED);
    found
}

/// What calls of `failpoint` begin with; its definition is none.
fn arguments(tokens: &[Token]) -> impl Iterator<Item = &Token> {
    let calls = (0..tokens.len().saturating_sub(2)).filter(|at| {
        let is_defined = at.checked_sub(1).is_some_and(|it| tokens[it].is("fn"));
        tokens[*at].is(CALL) && tokens[at + 1].is("(") && !is_defined
    });
    calls.map(|at| &tokens[at + 2])
}

/// The first and the last line of each list.
struct Lists(Vec<(usize, usize)>);

impl<'a> Visit<'a> for Lists {
    fn visit_item_const(&mut self, it: &'a ItemConst) {
        if it.ident == LIST {
            let value: &Expr = &it.expr;
            self.0.push((value.span().start().line, value.span().end().line));
        }
        visit::visit_item_const(self, it);
    }
}
