//! Workspaces in miniature, and the two proofs that a rule owes.

use archtest::{Crate, Dependency, DependencyKind, Migration, RULES, Rule, Source, Workspace};

/// What every crate has.
const README: &str =
    "# Shop\n\nSells what there is. It owns its shelves and never a customer's data.\n";

/// A crate in the making.
pub(crate) struct Draft(Crate);

impl Draft {
    /// A crate at a path, named as the path asks.
    pub(crate) fn at(path: &str) -> Self {
        let folder = path.rsplit('/').next().expect("a folder");
        let name = match path.split('/').next() {
            Some("contracts") => format!("socle-{folder}-contract"),
            Some("apps" | "tools") => folder.to_owned(),
            _ => format!("socle-{folder}"),
        };
        let readme = README.to_owned();
        Self(Crate { path: path.to_owned(), readme, ..Crate::default() }).named(&name)
    }

    pub(crate) fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.0.name);
        self.0.manifest = format!("[package]\nname = \"{name}\"\n");
        self
    }

    /// With another README.md.
    pub(crate) fn explained(mut self, readme: &str) -> Self {
        readme.clone_into(&mut self.0.readme);
        self
    }

    pub(crate) fn uses(self, name: &str) -> Self {
        self.depends(name, DependencyKind::Normal)
    }

    pub(crate) fn builds_with(self, name: &str) -> Self {
        self.depends(name, DependencyKind::Build)
    }

    pub(crate) fn tests_with(self, name: &str) -> Self {
        self.depends(name, DependencyKind::Dev)
    }

    fn depends(mut self, name: &str, kind: DependencyKind) -> Self {
        self.0.manifest += &["\n", name, ".workspace = true"].concat();
        self.0.dependencies.push(Dependency { name: name.to_owned(), kind });
        self
    }

    /// Adds a file, such as `src/store.rs`.
    pub(crate) fn source(mut self, inside: &str, text: &str) -> Self {
        let path = format!("{}/{inside}", self.0.path);
        self.0.sources.push(Source::parse(&path, text));
        self
    }

    /// Adds `migrations/0001_first.sql`.
    pub(crate) fn migration(mut self, text: &str) -> Self {
        let path = format!("{}/migrations/0001_first.sql", self.0.path);
        self.0.migrations.push(Migration::new(&path, text));
        self
    }
}

pub(crate) fn workspace<const N: usize>(drafts: [Draft; N]) -> Workspace {
    let crates = drafts.map(|it| it.0).into();
    Workspace { crates, golden_graph: String::new() }
}

fn rule(name: &str) -> Rule {
    *RULES.iter().find(|it| it.name == name).expect("a rule of this name")
}

/// Proves that the rule finds its violations at these places, `path:line`, and nowhere else.
#[track_caller]
pub(crate) fn catches<const N: usize>(name: &str, drafts: [Draft; N], places: &[&str]) {
    catches_in(name, &workspace(drafts), places);
}

#[track_caller]
pub(crate) fn catches_in(name: &str, workspace: &Workspace, places: &[&str]) {
    let found = (rule(name).check)(workspace);

    let mut found_at: Vec<_> = found.iter().map(|it| format!("{}:{}", it.path, it.line)).collect();
    found_at.sort();
    assert!(!places.is_empty(), "a violation has a place");
    assert_eq!(found_at, places, "{found:#?}");
}

/// Proves that the rule has nothing against what only looks like a violation.
#[track_caller]
pub(crate) fn spares<const N: usize>(name: &str, drafts: [Draft; N]) {
    spares_in(name, &workspace(drafts));
}

#[track_caller]
pub(crate) fn spares_in(name: &str, workspace: &Workspace) {
    let found = (rule(name).check)(workspace);

    assert!(found.is_empty(), "{found:#?}");
}
