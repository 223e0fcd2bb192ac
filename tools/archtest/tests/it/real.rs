//! The rules over the workspace as it stands, and over their own proofs.

use std::{collections::BTreeSet, env, fs, path::Path};

use archtest::{
    CATALOGUE, GENERATED_SQL, GOLDEN, RULES, SYSTEM_SQL, Workspace, crate_graph, error_codes,
};
use syn::{
    Expr, ExprCall, ItemFn, Lit,
    visit::{self, Visit},
};

/// Asks for golden files to be rewritten; `cargo xtask bless` sets it.
const BLESS: &str = "SOCLE_BLESS";

#[test]
fn the_workspace_keeps_every_rule() {
    let mut workspace = Workspace::load();
    if env::var_os(BLESS).is_some_and(|it| it == "1") {
        workspace.golden_graph = crate_graph(&workspace);
        fs::write(Workspace::root().join(GOLDEN), &workspace.golden_graph).expect("a golden file");
    }

    let mut report = Vec::new();
    for rule in RULES {
        let mut found = (rule.check)(&workspace);
        found.sort();
        report.extend(found.iter().map(|it| format!("[{}] {it}", rule.name)));
    }

    assert!(report.is_empty(), "\n{}\n", report.join("\n"));
}

#[test]
fn the_catalogue_of_error_codes_is_what_the_code_answers_with() {
    let codes = error_codes(&Workspace::load());
    let path = Workspace::root().join(CATALOGUE);
    if env::var_os(BLESS).is_some_and(|it| it == "1") {
        fs::write(&path, &codes).expect("a catalogue");
    }

    let agreed = fs::read_to_string(path).unwrap_or_default();

    assert_eq!(agreed, codes, "{CATALOGUE} differs: `cargo xtask bless archtest` accepts");
    let unsaid: Vec<_> = codes.lines().filter(|it| it.contains("\"says\":\"\"")).collect();
    assert!(unsaid.is_empty(), "nothing says what these mean: {unsaid:#?}");
}

#[test]
fn the_workspace_is_read_with_its_sources_tests_and_migrations() {
    let workspace = Workspace::load();
    let at = |path: &str| workspace.crates.iter().find(|it| it.path == path).expect("a member");

    let own: Vec<_> = at("tools/archtest").sources.iter().map(|it| it.path.as_str()).collect();
    for path in ["tools/archtest/src/lib.rs", "tools/archtest/tests/it/real.rs"] {
        assert!(own.contains(&path), "{path}");
    }
    assert!(!at("platform/events").migrations.is_empty(), "events keeps an outbox");
    for it in &workspace.crates {
        assert!(!it.sources.is_empty() && !it.manifest.is_empty(), "{}", it.path);
    }
}

#[test]
fn the_lists_of_exceptions_name_files_that_exist() {
    let gone = |path: &&str| !Workspace::root().join(path).is_file();

    let listed = SYSTEM_SQL.iter().chain(&GENERATED_SQL).map(|(path, _)| *path);
    let stale: Vec<_> = listed.filter(gone).collect();

    assert!(stale.is_empty(), "{stale:?}");
}

#[test]
fn every_rule_is_proven_by_what_it_catches_and_by_what_it_spares() {
    let mut proofs = Proofs::default();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    for entry in fs::read_dir(folder).expect("the tests") {
        let text = fs::read_to_string(entry.expect("an entry").path()).expect("a source");
        proofs.visit_file(&syn::parse_file(&text).expect("Rust"));
    }

    for rule in RULES {
        assert!(proofs.catches.contains(rule.name), "nothing shows what {} catches", rule.name);
        assert!(proofs.spares.contains(rule.name), "nothing shows what {} spares", rule.name);
    }
    let names: BTreeSet<_> = RULES.iter().map(|it| it.name).collect();
    assert_eq!(names.len(), RULES.len(), "a name is used once");
}

#[test]
fn the_readme_explains_every_rule() {
    let readme = include_str!("../../README.md");

    for rule in RULES {
        assert!(readme.contains(&format!("| `{}` |", rule.name)), "{} is missing", rule.name);
    }
}

/// The rules that tests name when they call `catches` and `spares`.
#[derive(Default)]
struct Proofs {
    catches: BTreeSet<String>,
    spares: BTreeSet<String>,
}

impl<'a> Visit<'a> for Proofs {
    fn visit_item_fn(&mut self, it: &'a ItemFn) {
        if it.attrs.iter().any(|it| it.path().is_ident("test")) {
            visit::visit_item_fn(self, it);
        }
    }

    fn visit_expr_call(&mut self, it: &'a ExprCall) {
        if let (Expr::Path(called), Some(Expr::Lit(rule))) = (&*it.func, it.args.first())
            && let (Some(called), Lit::Str(rule)) = (called.path.get_ident(), &rule.lit)
        {
            match called.to_string().as_str() {
                "catches" | "catches_in" => drop(self.catches.insert(rule.value())),
                "spares" | "spares_in" => drop(self.spares.insert(rule.value())),
                _ => {}
            }
        }
        visit::visit_expr_call(self, it);
    }
}
