//! A crate's name is a function of its path, so that either finds the other.

use std::collections::BTreeMap;

use crate::{Crate, Tier, Violation, Workspace};

const SUITES: [&str; 5] = ["foundation", "loyalty", "commerce", "construction", "agents"];

const REMEDY: &str = "rename the folder or the package";

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut used = BTreeMap::new();
    for it in &workspace.crates {
        let mut broken = flaws(it);
        // A contract bears the name of its module on purpose.
        if it.tier() != Some(Tier::Contract)
            && let Some(other) = used.insert(it.folder(), &it.path)
        {
            broken.push(format!("`{}` is already the name of {other}", it.folder()));
        }
        let line = it.manifest_line("name");
        let path = it.manifest_path();
        found.extend(broken.into_iter().map(|what| Violation::new(&path, line, what, REMEDY)));
    }
    found
}

fn flaws(it: &Crate) -> Vec<String> {
    let mut flaws = Vec::new();
    let folder = it.folder();
    let expected = match it.tier() {
        Some(Tier::Kernel | Tier::Platform | Tier::Module) => format!("socle-{folder}"),
        Some(Tier::Contract) => format!("socle-{folder}-contract"),
        Some(Tier::App | Tier::Tool) => folder.to_owned(),
        None => return vec![format!("{} is in no tier", it.path)],
    };
    if it.name != expected {
        flaws.push(format!("{} is called {}, not {expected}", it.path, it.name));
    }
    if !is_kebab(folder) {
        flaws.push(format!("`{folder}` is not kebab-case"));
    }
    if let ["modules", suite, _] = it.path.split('/').collect::<Vec<_>>()[..]
        && !SUITES.contains(&suite)
    {
        flaws.push(format!("`{suite}` is no suite"));
    }
    flaws
}

/// Lower-case letters and digits in groups joined by single dashes, the first of them a letter.
pub(super) fn is_kebab(text: &str) -> bool {
    let groups = text.split('-').all(|group| {
        !group.is_empty() && group.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
    });
    groups && text.starts_with(|it: char| it.is_ascii_lowercase())
}
