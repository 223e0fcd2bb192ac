//! Every error code, with its kind and its words, read from the code that answers with them.

use std::collections::BTreeMap;

use serde_json::json;
use syn::{
    Arm, Attribute, Expr, ExprLit, ExprTuple, ItemEnum, Lit, Pat, Variant,
    visit::{self, Visit},
};

use crate::{Crate, Workspace};

/// Where the catalogue lies, from the root of the workspace.
pub const CATALOGUE: &str = "apps/socle/src/errors.json";

/// What is said of codes whose own words never leave the process.
const UNSAID: [(&str, &str); 2] = [
    ("Internal", "something is wrong on our side"),
    ("Unavailable", "nothing is wrong with the call: try again in a moment"),
];

/// The catalogue as [`CATALOGUE`] writes it: a line for each code, in their order.
#[must_use]
pub fn error_codes(workspace: &Workspace) -> String {
    let words = Words::of(workspace);
    let mut codes = BTreeMap::new();
    for it in &workspace.crates {
        for (_, source) in it.shipped() {
            let mut answers = Answers(Vec::new());
            answers.visit_file(&source.syntax);
            for answer in answers.0 {
                let says = answer.says.clone().or_else(|| words.find(it, &answer));
                let unsaid = || UNSAID.iter().find(|(kind, _)| *kind == answer.kind);
                let says = says.or_else(|| unsaid().map(|(_, says)| (*says).to_owned()));
                codes.entry(answer.code).or_insert((answer.kind, says.unwrap_or_default()));
            }
        }
    }
    let lines = codes.iter().map(|(code, (kind, says))| {
        json!({ "code": code, "kind": kind, "says": says }).to_string()
    });
    format!("[\n{}\n]\n", lines.collect::<Vec<_>>().join(",\n"))
}

/// One arm that answers with a code.
struct Answer {
    /// The variants of its pattern, each after the name of its enum, or after `Self`.
    variants: Vec<(String, String)>,
    /// Of the kernel, or a status of HTTP by its name.
    kind: String,
    code: String,
    says: Option<String>,
}

/// `(Kind::Conflict, "ledger.points-spent")` and `(S::NOT_FOUND, "web.no-route", "…")`, each the
/// value of an arm.
struct Answers(Vec<Answer>);

impl<'a> Visit<'a> for Answers {
    fn visit_arm(&mut self, arm: &'a Arm) {
        if let Some(it) = tuple(&arm.body).and_then(|it| answer(it, &arm.pat)) {
            self.0.push(it);
        }
        visit::visit_arm(self, arm);
    }
}

fn tuple(body: &Expr) -> Option<&ExprTuple> {
    match body {
        Expr::Tuple(it) => Some(it),
        Expr::Block(it) => match it.block.stmts.as_slice() {
            [syn::Stmt::Expr(it, None)] => tuple(it),
            _ => None,
        },
        _ => None,
    }
}

fn answer(it: &ExprTuple, pattern: &Pat) -> Option<Answer> {
    let Expr::Path(kind) = it.elems.first()? else { return None };
    let owner = kind.path.segments.iter().rev().nth(1)?.ident.to_string();
    if !["Kind", "S", "StatusCode"].contains(&owner.as_str()) {
        return None;
    }
    let kind = kind.path.segments.last()?.ident.to_string();
    let code = text(it.elems.get(1)?)?;
    let says = it.elems.get(2).and_then(text);
    let mut variants = Vec::new();
    names(pattern, &mut variants);
    Some(Answer { variants, kind, code, says })
}

fn text(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(ExprLit { lit: Lit::Str(it), .. }) => Some(it.value()),
        _ => None,
    }
}

fn names(pattern: &Pat, found: &mut Vec<(String, String)>) {
    let path = match pattern {
        Pat::Or(it) => return it.cases.iter().for_each(|it| names(it, found)),
        Pat::Path(it) => &it.path,
        Pat::Struct(it) => &it.path,
        Pat::TupleStruct(it) => &it.path,
        _ => return,
    };
    let mut segments = path.segments.iter().rev().map(|it| it.ident.to_string());
    if let (Some(variant), Some(owner)) = (segments.next(), segments.next()) {
        found.push((owner, variant));
    }
}

/// What each variant of an error says: its attribute `error`.
struct Words(Vec<Said>);

struct Said {
    of_crate: String,
    of_enum: String,
    variant: String,
    words: String,
}

impl Words {
    fn of(workspace: &Workspace) -> Self {
        let mut variants = Variants { of_crate: String::new(), found: Vec::new() };
        for it in &workspace.crates {
            variants.of_crate.clone_from(&it.name);
            it.shipped().for_each(|(_, source)| variants.visit_file(&source.syntax));
        }
        Self(variants.found)
    }

    /// The words of the answer's variant: of the enum that it names, or of one of its own crate.
    fn find(&self, of: &Crate, answer: &Answer) -> Option<String> {
        let (owner, variant) = answer.variants.first()?;
        let is_it = |it: &&Said| {
            let is_own =
                if owner == "Self" { it.of_crate == of.name } else { it.of_enum == *owner };
            is_own && it.variant == *variant
        };
        self.0.iter().find(is_it).map(|it| it.words.clone())
    }
}

struct Variants {
    of_crate: String,
    found: Vec<Said>,
}

impl<'a> Visit<'a> for Variants {
    fn visit_item_enum(&mut self, it: &'a ItemEnum) {
        let of_enum = it.ident.to_string();
        let said = |it: &Variant| {
            let (of_crate, of_enum) = (self.of_crate.clone(), of_enum.clone());
            Some(Said {
                of_crate,
                of_enum,
                variant: it.ident.to_string(),
                words: words(&it.attrs)?,
            })
        };
        let said: Vec<_> = it.variants.iter().filter_map(said).collect();
        self.found.extend(said);
    }
}

/// `"no more than {max}"` of `#[error("no more than {max}")]`.
fn words(attributes: &[Attribute]) -> Option<String> {
    let error = attributes.iter().find(|it| it.path().is_ident("error"))?;
    let list = error.meta.require_list().ok()?;
    let first = list.tokens.clone().into_iter().next()?;
    let literal: syn::LitStr = syn::parse2(first.into()).ok()?;
    Some(literal.value())
}
