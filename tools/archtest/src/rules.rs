//! The rules: each a pure function from a workspace to what breaks it.
//!
//! The README says how each earns its place; `tests/it` proves each with a violation that it
//! catches and a near miss that it spares.

pub(crate) mod graph;
mod names;
mod tiers;

mod domain;
mod layers;

mod schema;
pub(crate) mod statements;
mod system;
pub(crate) mod tenant;

mod keys;
mod tables;

mod codes;
mod failpoints;
mod limits;
mod openings;
mod shipping;

use crate::{Violation, Workspace};

/// A rule of the architecture.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub name: &'static str,
    pub check: fn(&Workspace) -> Vec<Violation>,
}

/// Every rule, in the order of the README.
pub const RULES: [Rule; 19] = [
    Rule { name: "tiers", check: tiers::check },
    Rule { name: "crate-graph", check: graph::check },
    Rule { name: "names", check: names::check },
    Rule { name: "pure-domain", check: domain::check },
    Rule { name: "layers", check: layers::check },
    Rule { name: "sql-place", check: statements::check },
    Rule { name: "own-schema", check: schema::check },
    Rule { name: "tenant-named", check: tenant::check },
    Rule { name: "table-classes", check: tables::check_classes },
    Rule { name: "row-security", check: tables::check_row_security },
    Rule { name: "no-triggers", check: tables::check_triggers },
    Rule { name: "tenant-keys", check: keys::check_keys },
    Rule { name: "named-constraints", check: keys::check_names },
    Rule { name: "system-work", check: system::check },
    Rule { name: "test-helpers", check: shipping::check },
    Rule { name: "failpoints", check: failpoints::check },
    Rule { name: "openings", check: openings::check },
    Rule { name: "limits", check: limits::check },
    Rule { name: "error-codes", check: codes::check },
];
