//! Which experiments are wanted.

use std::env;

/// Whether the command line names `experiment`, or none.
#[must_use]
pub fn wanted(experiment: &str) -> bool {
    let named: Vec<_> = env::args().skip(1).collect();
    named.is_empty() || named.iter().any(|it| it == experiment)
}
