//! The graph of crates is the one that people have agreed to.

use crate::{Crate, DependencyKind, Violation, Workspace};

/// Where the agreed graph lies, from the root of the workspace.
pub const GOLDEN: &str = "tools/archtest/golden/crates.txt";

const REMEDY: &str = "if the graph should change, accept it with `cargo xtask bless archtest`";

/// The graph as [`GOLDEN`] writes it: a line for each crate, and one for each of its edges.
#[must_use]
pub fn crate_graph(workspace: &Workspace) -> String {
    let mut crates: Vec<&Crate> = workspace.crates.iter().collect();
    crates.sort_by(|one, next| one.path.cmp(&next.path));
    let mut lines = Vec::new();
    for it in crates {
        lines.push(format!("{} ({})\n", it.path, it.name));
        let mut edges = it.dependencies.clone();
        edges.sort_by(|one, next| (one.kind, &one.name).cmp(&(next.kind, &next.name)));
        lines.extend(edges.iter().map(|edge| format!("  {} {}\n", verb(edge.kind), edge.name)));
    }
    lines.concat()
}

fn verb(kind: DependencyKind) -> &'static str {
    match kind {
        DependencyKind::Normal => "uses",
        DependencyKind::Build => "builds with",
        DependencyKind::Dev => "tests with",
    }
}

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let actual = crate_graph(workspace);
    let (actual, agreed) = (edges(&actual), edges(&workspace.golden_graph));
    let mut found = Vec::new();
    for (line, edge) in &actual {
        if !agreed.iter().any(|(_, it)| it == edge) {
            let what = format!("`{edge}`, at line {line} of the real graph, is not agreed");
            found.push(Violation::new(GOLDEN, 1, what, REMEDY));
        }
    }
    for (line, edge) in &agreed {
        if !actual.iter().any(|(_, it)| it == edge) {
            let what = format!("`{edge}` is agreed and no longer there");
            found.push(Violation::new(GOLDEN, *line, what, REMEDY));
        }
    }
    found
}

/// Each line with its number; an edge begins with the crate that it leaves.
fn edges(graph: &str) -> Vec<(usize, String)> {
    let mut of = "";
    let mut edges = Vec::new();
    for (at, line) in graph.lines().enumerate() {
        let is_edge = line.starts_with(' ');
        if !is_edge {
            of = line;
        }
        edges.push((at + 1, if is_edge { format!("{of}{line}") } else { line.to_owned() }));
    }
    edges
}
