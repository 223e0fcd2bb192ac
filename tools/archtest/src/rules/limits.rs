//! Files, functions, lines and argument lists stay small enough to be seen whole.

use std::mem;

use syn::{
    FnArg, ImplItemFn, ItemImpl, Signature,
    visit::{self, Visit},
};

use crate::{
    Source, Violation, Workspace,
    source::{Kind, Token},
};

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 70;
const COLUMNS_MAX: usize = 100;
/// All but `self`.
const ARGUMENTS_MAX: usize = 5;

const SPLIT_FILE: &str = "split it by use case, never by kind";
const SPLIT_FUNCTION: &str = "name its parts";
const WRAP: &str = "wrap it";
const GROUP: &str = "group what belongs together in a type";

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let sources = workspace.crates.iter().flat_map(|it| &it.sources);
    sources
        .flat_map(|it| {
            let mut found = Vec::new();
            file(it, &mut found);
            functions(it, &mut found);
            lines(it, &mut found);
            arguments(it, &mut found);
            found
        })
        .collect()
}

fn file(source: &Source, found: &mut Vec<Violation>) {
    let lines = source.text.lines().count();
    if FILE_LINES_MAX < lines {
        let what = format!("{lines} lines in one file");
        found.push(Violation::new(&source.path, FILE_LINES_MAX + 1, what, SPLIT_FILE));
    }
}

/// By tokens, so that functions inside macro calls count as well.
fn functions(source: &Source, found: &mut Vec<Violation>) {
    for at in (0..source.tokens.len()).filter(|at| source.tokens[*at].is("fn")) {
        let rest = &source.tokens[at..];
        let Some(name) = rest.get(1).filter(|it| it.is_word()) else { continue };
        let lines = body_end(rest).map_or(1, |end| end + 1 - rest[0].line());
        if FUNCTION_LINES_MAX < lines {
            let what = format!("`{}` has {lines} lines", name.text);
            found.push(Violation::new(&source.path, rest[0].line(), what, SPLIT_FUNCTION));
        }
    }
}

/// The line of the brace that closes the function which begins here; none if it has no body.
fn body_end(function: &[Token]) -> Option<usize> {
    let (mut depth, mut in_body) = (0_usize, false);
    for token in function {
        match token.kind {
            Kind::Symbol if depth == 0 && token.is(";") => return None,
            Kind::Open => {
                in_body |= depth == 0 && token.is("{");
                depth += 1;
            }
            Kind::Close if depth == 0 => return None,
            Kind::Close => {
                depth -= 1;
                if depth == 0 && in_body {
                    return Some(token.end.line);
                }
            }
            _ => {}
        }
    }
    None
}

fn lines(source: &Source, found: &mut Vec<Violation>) {
    for (at, text) in source.text.lines().enumerate() {
        let (line, columns) = (at + 1, text.chars().count());
        if COLUMNS_MAX < columns && !source.strings().any(|it| covers(it, line)) {
            let what = format!("{columns} columns");
            found.push(Violation::new(&source.path, line, what, WRAP));
        }
    }
}

/// Whether the string literal is what stands at the last column allowed.
fn covers(it: &Token, line: usize) -> bool {
    let (start, end) = ((it.start.line, it.start.column), (it.end.line, it.end.column));
    start < (line, COLUMNS_MAX) && (line, COLUMNS_MAX) < end
}

fn arguments(source: &Source, found: &mut Vec<Violation>) {
    let mut long = LongSignatures::default();
    long.visit_file(&source.syntax);
    for (line, what) in long.found {
        found.push(Violation::new(&source.path, line, what, GROUP));
    }
}

#[derive(Default)]
struct LongSignatures {
    found: Vec<(usize, String)>,
    in_trait: bool,
}

impl<'a> Visit<'a> for LongSignatures {
    /// Whoever implements a trait did not choose its arguments; a trait of ours is counted itself.
    fn visit_impl_item_fn(&mut self, it: &'a ImplItemFn) {
        if self.in_trait {
            return visit::visit_block(self, &it.block);
        }
        visit::visit_impl_item_fn(self, it);
    }

    fn visit_item_impl(&mut self, it: &'a ItemImpl) {
        let around = mem::replace(&mut self.in_trait, it.trait_.is_some());
        visit::visit_item_impl(self, it);
        self.in_trait = around;
    }

    fn visit_signature(&mut self, it: &'a Signature) {
        let arguments = it.inputs.iter().filter(|it| matches!(it, FnArg::Typed(_))).count();
        if ARGUMENTS_MAX < arguments {
            let what = format!("`{}` takes {arguments} arguments", it.ident);
            self.found.push((it.fn_token.span.start().line, what));
        }
        visit::visit_signature(self, it);
    }
}
