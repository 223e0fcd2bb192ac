//! Dependencies follow the tiers, those of tests and build scripts included.

use crate::{Violation, Workspace};

const REMEDY: &str = "ask for a contract, publish an event, or move the code to the right tier";

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let mut found = Vec::new();
    for it in &workspace.crates {
        for dependency in &it.dependencies {
            let other = workspace.crates.iter().find(|other| other.name == dependency.name);
            let (Some(tier), Some(other)) = (it.tier(), other) else { continue };
            if other.tier().is_some_and(|other| !tier.may_use(other)) {
                let what = format!("{} uses {}, of {}", it.path, other.name, other.path);
                let line = it.manifest_line(&other.name);
                found.push(Violation::new(&it.manifest_path(), line, what, REMEDY));
            }
        }
    }
    found
}
