#![doc = include_str!("../README.md")]

mod workspace;

mod source;
mod sql;

mod catalogue;
mod rules;
mod violation;

pub use catalogue::{CATALOGUE, error_codes};
pub use rules::graph::{GOLDEN, crate_graph};
pub use rules::statements::GENERATED_SQL;
pub use rules::tenant::SYSTEM_SQL;
pub use rules::{RULES, Rule};
pub use source::Source;
pub use violation::Violation;
pub use workspace::{Crate, Dependency, DependencyKind, Migration, Tier, Workspace};
