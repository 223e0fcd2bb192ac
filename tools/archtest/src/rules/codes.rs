//! An error code means one thing in the whole workspace.

use std::collections::BTreeMap;

use syn::{
    ExprCall, ExprMethodCall, ImplItem, ItemImpl, LitStr,
    visit::{self, Visit},
};

use crate::{Crate, Tier, Violation, Workspace};

use super::names::is_kebab;

const UNIQUE: &str = "give each meaning a code of its own";
const FORM: &str = "write `<crate>.<what-is-wrong>` in kebab-case; only the kernel has no prefix";

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut used: BTreeMap<String, String> = BTreeMap::new();
    for it in &workspace.crates {
        for (_, source) in it.shipped() {
            let mut codes = Codes(Vec::new());
            codes.visit_file(&source.syntax);
            for (code, line) in codes.0 {
                if !is_well_formed(it, &code) {
                    let what = format!("the code `{code}` of {}", it.name);
                    found.push(Violation::new(&source.path, line, what, FORM));
                }
                let place = format!("{}:{line}", source.path);
                if let Some(other) = used.insert(code.clone(), place) {
                    let what = format!("the code `{code}` is also at {other}");
                    found.push(Violation::new(&source.path, line, what, UNIQUE));
                }
            }
        }
    }
    found
}

fn is_well_formed(it: &Crate, code: &str) -> bool {
    if it.tier() == Some(Tier::Kernel) {
        return is_kebab(code);
    }
    code.split_once('.').is_some_and(|(prefix, rest)| prefix == it.folder() && is_kebab(rest))
}

/// The string literals of `class`, in each implementation of `Classify`.
struct Codes(Vec<(String, usize)>);

impl<'a> Visit<'a> for Codes {
    fn visit_item_impl(&mut self, it: &'a ItemImpl) {
        let of = it.trait_.as_ref().and_then(|(_, path, _)| path.segments.last());
        if of.is_none_or(|it| it.ident != "Classify") {
            return;
        }
        for item in &it.items {
            if let ImplItem::Fn(function) = item
                && function.sig.ident == "class"
            {
                visit::visit_block(&mut Literals(&mut self.0), &function.block);
            }
        }
    }
}

struct Literals<'c>(&'c mut Vec<(String, usize)>);

impl<'a> Visit<'a> for Literals<'_> {
    fn visit_lit_str(&mut self, it: &'a LitStr) {
        self.0.push((it.value(), it.span().start().line));
    }

    // What is handed to a call, such as `expect`, is no code.
    fn visit_expr_call(&mut self, _: &'a ExprCall) {}

    fn visit_expr_method_call(&mut self, it: &'a ExprMethodCall) {
        self.visit_expr(&it.receiver);
    }
}
