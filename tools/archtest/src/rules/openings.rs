//! Every file opens by saying what it is, every crate by its README.

use crate::{Violation, Workspace};

const FILE: &str = "start it with `//!`: what it is, and what it never does";
const CRATE: &str = "say in README.md what it owns, serves, publishes and hears";

const INCLUDED: &str = "#![doc = include_str!(\"../README.md\")]";

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let mut found = Vec::new();
    for it in &workspace.crates {
        if !it.has_readme {
            let what = format!("{} has no README.md", it.name);
            found.push(Violation::new(&it.path, 1, what, CRATE));
        }
        for source in &it.sources {
            let included = source.path.ends_with("src/lib.rs") && source.text.starts_with(INCLUDED);
            if !included && !source.text.starts_with("//!") {
                let what = "the file does not say what it is".to_owned();
                found.push(Violation::new(&source.path, 1, what, FILE));
            }
        }
    }
    found
}
