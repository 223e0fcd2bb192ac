//! The golden graph of crates.

use archtest::{GOLDEN, Workspace, crate_graph};

use crate::world::{Draft, catches_in, spares_in, workspace};

fn small() -> Workspace {
    let db = Draft::at("platform/db").uses("socle-kernel").tests_with("socle-testkit");
    workspace([Draft::at("platform/kernel"), db])
}

#[test]
fn the_graph_is_written_to_be_read() {
    let graph = crate_graph(&small());

    let expected = "platform/db (socle-db)
  uses socle-kernel
  tests with socle-testkit
platform/kernel (socle-kernel)
";
    assert_eq!(graph, expected);
}

#[test]
fn an_edge_that_nobody_agreed_to_is_caught() {
    let mut workspace = small();
    workspace.golden_graph = crate_graph(&workspace).replace("  uses socle-kernel\n", "");

    catches_in("crate-graph", &workspace, &[&format!("{GOLDEN}:1")]);
}

#[test]
fn an_edge_that_has_gone_is_caught() {
    let mut workspace = small();
    workspace.golden_graph = crate_graph(&workspace) + "  uses socle-db\n";

    catches_in("crate-graph", &workspace, &[&format!("{GOLDEN}:5")]);
}

#[test]
fn an_edge_that_moved_to_another_crate_is_caught() {
    let mut workspace = small();
    let agreed = crate_graph(&workspace).replace("  uses socle-kernel\n", "");
    workspace.golden_graph = agreed + "  uses socle-kernel\n";

    catches_in("crate-graph", &workspace, &[&format!("{GOLDEN}:1"), &format!("{GOLDEN}:4")]);
}

#[test]
fn the_agreed_graph_is_kept_whatever_the_order_of_crates() {
    let mut workspace = small();
    workspace.golden_graph = crate_graph(&workspace);
    workspace.crates.reverse();

    spares_in("crate-graph", &workspace);
}
