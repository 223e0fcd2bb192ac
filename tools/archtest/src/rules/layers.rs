//! Inside a module nothing points back: edges, then app, then domain and store.

mod paths;

use std::collections::BTreeMap;

use syn::{Item, UseTree};

use crate::{Crate, Tier, Violation, Workspace};

const EDGES: [&str; 6] = ["http", "rpc", "graphql", "console", "subscriptions", "jobs"];

const REMEDY: &str = "edges call app, app calls domain and store; hand the value over instead";

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let mut found = Vec::new();
    for it in workspace.crates.iter().filter(|it| it.tier() == Some(Tier::Module)) {
        let homes = homes(it);
        for (inside, source) in it.shipped() {
            let Some(layer) = layer_of(inside) else { continue };
            for (name, line) in paths::into_own_crate(&source.tokens, paths::depth(inside)) {
                let other = homes.get(&name).unwrap_or(&name);
                if points_back(layer, other) {
                    let what = format!("{layer} reaches {other} through `{name}`");
                    found.push(Violation::new(&source.path, line, what, REMEDY));
                }
            }
        }
    }
    found
}

/// `store` for `src/store.rs` and `src/store/find.rs`.
fn layer_of(inside: &str) -> Option<&str> {
    let rest = inside.strip_prefix("src/")?;
    rest.split(['/', '.']).next()
}

fn points_back(layer: &str, other: &str) -> bool {
    let is_edge = EDGES.contains(&other);
    match layer {
        "domain" => is_edge || other == "app" || other == "store",
        "store" => is_edge || other == "app",
        "app" => is_edge,
        _ => false,
    }
}

/// Which layer each name of the crate's root comes from: `pub use app::Merchants` is app's.
fn homes(it: &Crate) -> BTreeMap<String, String> {
    let mut homes = BTreeMap::new();
    for (_, source) in it.shipped().filter(|(inside, _)| *inside == "src/lib.rs") {
        for item in &source.syntax.items {
            if let Item::Use(it) = item {
                read_use(&it.tree, None, &mut homes);
            }
        }
    }
    homes
}

fn read_use(tree: &UseTree, home: Option<&str>, homes: &mut BTreeMap<String, String>) {
    match tree {
        UseTree::Path(it) if it.ident == "crate" || it.ident == "self" => {
            read_use(&it.tree, home, homes);
        }
        UseTree::Path(it) => {
            let own = it.ident.to_string();
            read_use(&it.tree, Some(home.unwrap_or(&own)), homes);
        }
        UseTree::Group(it) => it.items.iter().for_each(|it| read_use(it, home, homes)),
        UseTree::Name(it) => keep(&it.ident, home, homes),
        UseTree::Rename(it) => keep(&it.rename, home, homes),
        UseTree::Glob(_) => {}
    }
}

fn keep(name: &syn::Ident, home: Option<&str>, homes: &mut BTreeMap<String, String>) {
    if let Some(home) = home {
        homes.insert(name.to_string(), home.to_owned());
    }
}
