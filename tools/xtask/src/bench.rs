//! The benchmarks: programs that print figures, built in release. None of them is a test with a
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

/// Which rows a benchmark runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    Short,
    All,
}

/// A program that measures; it takes `--json` and `--long` and verifies what it has written.
pub struct Bench {
    pub name: &'static str,
    /// What it measures, completing "how fast".
    pub about: &'static str,
    /// What `cargo run --release` is told to run.
    pub target: &'static [&'static str],
}

/// All benchmarks, in the order in which they are run.
pub const BENCHES: [Bench; 1] = [Bench {
    name: "books",
    about: "transfers commit through the sequencer, and against hand-written SQL",
    target: &["--package", "bench"],
}];

/// Runs the named benchmarks one after the other, or all of them.
pub fn run(shape: Shape, rows: Rows, names: &[String]) -> Result<(), Failure> {
    let chosen = choose(names)?;
    parts::ensure_postgres()?;
    for bench in chosen {
        step(&format!("bench {}: how fast {}", bench.name, bench.about), || {
            let mut command = cargo(&["run", "--release"]);
            command.args(bench.target).arg("--");
            command.args((shape == Shape::Json).then_some("--json"));
            command.args((rows == Rows::All).then_some("--long"));
            run_command(&mut command, "figures of a run that failed mean nothing: correct it first")
        })?;
    }
    Ok(())
}

/// The benchmarks of these names, in the order given; all of them where no name is given.
pub fn choose(names: &[String]) -> Result<Vec<&'static Bench>, Failure> {
    if names.is_empty() {
        return Ok(BENCHES.iter().collect());
    }
    names
        .iter()
        .map(|name| BENCHES.iter().find(|it| it.name == name).ok_or_else(|| unknown(name)))
        .collect()
}

fn unknown(name: &str) -> Failure {
    let known: Vec<_> = BENCHES.iter().map(|it| it.name).collect();
    Failure::new(format!("there is no benchmark {name:?}"), format!("one of: {}", known.join(", ")))
}
