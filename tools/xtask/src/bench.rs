//! The benchmarks: a program that prints figures, built in release. None of them is a test with a
//! stop-watch; what must be true is asserted in the tests.

use crate::{
    Failure, parts,
    step::{run as run_command, step},
    tree::cargo,
};

/// How the results are printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Table,
    Json,
}

/// How long it may take.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    Short,
    All,
}

/// Runs the named rows of the benchmarks, or all of them; `tools/bench` knows the names.
pub fn run(shape: Shape, rows: Rows, names: &[String]) -> Result<(), Failure> {
    parts::ensure_postgres()?;
    if names.is_empty() || names.iter().any(|it| it.starts_with(parts::peers::ROWS)) {
        parts::peers::fetch();
    }
    step("bench: beside hand-written SQL and beside peers, and the program on real input", || {
        let mut command = cargo(&["run", "--release", "--package", "bench", "--"]);
        command.args((shape == Shape::Json).then_some("--json"));
        command.args((rows == Rows::All).then_some("--long"));
        command.args(names);
        run_command(&mut command, "figures of a run that failed mean nothing: correct it first")
    })
}
