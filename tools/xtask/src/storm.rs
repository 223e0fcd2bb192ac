//! The fault campaign: the program twice on one database, and everything around it breaking.

use crate::{
    Failure, parts,
    step::{run as run_command, step},
    tree::cargo,
};

/// As many rounds as CI runs.
const ROUNDS: &str = "10";

/// Runs what it is told to; `tools/storm` knows the words. Both are built as the tests are.
pub fn run(words: &[String]) -> Result<(), Failure> {
    parts::ensure_postgres()?;
    build()?;
    storm(words, "`--seed` and `--round` as printed above play it again")
}

/// What CI runs: that the checks find what is planted, and that the storm brings nothing to find.
pub(crate) fn check() -> Result<(), Failure> {
    step("storm: planted damage is found, and ten rounds of breaking things do none", || {
        build()?;
        storm(&["--self-test".to_owned()], "a check of `tools/storm` has gone blind")?;
        let rounds = ["--rounds", ROUNDS].map(str::to_owned);
        storm(&rounds, "`cargo xtask storm --seed SEED --round ROUND` as printed above")
    })
}

fn build() -> Result<(), Failure> {
    let mut build = cargo(&["build", "--package", "socle", "--package", "storm", "--bins"]);
    run_command(&mut build, "the compiler's first error is the one to read")
}

fn storm(words: &[String], next: &str) -> Result<(), Failure> {
    let mut command = cargo(&["run", "--quiet", "--package", "storm", "--"]);
    run_command(command.args(words), next)
}
