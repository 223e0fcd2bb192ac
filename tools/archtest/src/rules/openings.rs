//! Every file opens by saying what it is, every crate by its README.

use crate::{Violation, Workspace};

const FILE: &str = "start it with `//!`: what it is, and what it never does";
const CRATE: &str = "say in README.md what it owns, serves, publishes and hears";

const INCLUDED: &str = "#![doc = include_str!(\"../README.md\")]";

/// Fewer words than this are a heading.
const WORDS_MIN: usize = 10;

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let mut found = Vec::new();
    for it in &workspace.crates {
        if !explains(&it.readme) {
            let what = format!("the README.md of {} says nothing", it.name);
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

/// Whether a text has sentences besides its headings and its code.
fn explains(readme: &str) -> bool {
    let mut is_code = false;
    let prose = readme.lines().filter(|line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_fence && !is_code && !line.starts_with('#') && !line.starts_with("    ")
    });
    let words: Vec<&str> = prose.flat_map(str::split_whitespace).collect();
    WORDS_MIN <= words.len() && words.iter().any(|it| it.ends_with('.'))
}
