//! Test helpers never ship.

use crate::{DependencyKind, Violation, Workspace};

const HELPERS: &str = "socle-testkit";

const REMEDY: &str = "list it under `[dev-dependencies]`";

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let mut found = Vec::new();
    for it in &workspace.crates {
        let helpers = it.dependencies.iter().filter(|it| it.name == HELPERS);
        for _ in helpers.filter(|it| it.kind != DependencyKind::Dev) {
            let what = format!("{} ships {HELPERS}", it.name);
            found.push(Violation::new(
                &it.manifest_path(),
                it.manifest_line(HELPERS),
                what,
                REMEDY,
            ));
        }
    }
    found
}
