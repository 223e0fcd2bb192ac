//! The workspace as the rules see it: crates, their dependencies, parsed sources and migrations.

mod load;

use crate::{Source, sql};

/// Every crate, and the graph that people have agreed to.
#[derive(Default)]
pub struct Workspace {
    pub crates: Vec<Crate>,
    /// The text of [`GOLDEN`](crate::GOLDEN).
    pub golden_graph: String,
}

/// A crate of the workspace.
#[derive(Default)]
pub struct Crate {
    pub name: String,
    /// Folder, from the root of the workspace: `modules/loyalty/merchant`.
    pub path: String,
    /// The text of its `Cargo.toml`.
    pub manifest: String,
    /// Only those on other crates of the workspace.
    pub dependencies: Vec<Dependency>,
    pub sources: Vec<Source>,
    pub migrations: Vec<Migration>,
    /// The text of its README.md; empty when there is none.
    pub readme: String,
}

/// A dependency on another crate of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dependency {
    pub name: String,
    pub kind: DependencyKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DependencyKind {
    Normal,
    Build,
    Dev,
}

/// A migration, as tokens; its comments are kept, because one of them declares a table's class.
#[derive(Debug)]
pub struct Migration {
    /// From the root of the workspace.
    pub path: String,
    pub(crate) tokens: Vec<sql::Token>,
}

/// A place in the tree, and therefore a place in the dependency order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    Kernel,
    Platform,
    Contract,
    Module,
    App,
    Tool,
}

impl Tier {
    /// What a crate of this tier may depend on; tests are code, so they may not depend on more.
    #[must_use]
    pub fn may_use(self, other: Self) -> bool {
        match self {
            Self::Kernel => false,
            Self::Contract => other == Self::Kernel,
            Self::Platform => matches!(other, Self::Kernel | Self::Platform),
            Self::Module => matches!(other, Self::Kernel | Self::Contract | Self::Platform),
            Self::App | Self::Tool => true,
        }
    }
}

impl Crate {
    /// Where the path puts it; `platform/testkit` is platform like any other.
    #[must_use]
    pub fn tier(&self) -> Option<Tier> {
        match self.path.split('/').collect::<Vec<_>>()[..] {
            ["platform", "kernel"] => Some(Tier::Kernel),
            ["platform", _] => Some(Tier::Platform),
            ["contracts", _] => Some(Tier::Contract),
            ["modules", _suite, _] => Some(Tier::Module),
            ["apps", _] => Some(Tier::App),
            ["tools", _] => Some(Tier::Tool),
            _ => None,
        }
    }

    /// The last component of the path.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The schema that its SQL names; a platform crate's is filled in at start.
    #[must_use]
    pub fn schema(&self) -> String {
        match self.tier() {
            Some(Tier::Module) => format!("socle_{}", self.folder().replace('-', "_")),
            _ => "{schema}".to_owned(),
        }
    }

    /// The sources that ship: `src/`, with the path inside the crate.
    pub(crate) fn shipped(&self) -> impl Iterator<Item = (&str, &Source)> {
        let inside = move |it: &Source| it.path.get(self.path.len() + 1..).is_some();
        let sources = self.sources.iter().filter(move |it| inside(it));
        sources
            .map(|it| (&it.path[self.path.len() + 1..], it))
            .filter(|(inside, _)| inside.starts_with("src/"))
    }

    /// The line of `Cargo.toml` that first speaks of a dependency.
    pub(crate) fn manifest_line(&self, dependency: &str) -> usize {
        let names = |line: &str| {
            let rest = line.trim_start().strip_prefix(dependency);
            rest.is_some_and(|it| it.starts_with([' ', '.', '=']))
        };
        self.manifest.lines().position(names).map_or(1, |at| at + 1)
    }

    pub(crate) fn manifest_path(&self) -> String {
        format!("{}/Cargo.toml", self.path)
    }
}

impl Migration {
    #[must_use]
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), tokens: sql::tokens(text) }
    }
}
