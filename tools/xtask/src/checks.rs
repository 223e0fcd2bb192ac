//! The checks and the tests, each list in the order in which a person wants to hear bad news.

use std::process::Command;

use crate::{
    Failure, parts, smoke,
    step::{run, step},
    storm,
    tree::cargo,
};

/// How much of the randomised and repeated work the tests do.
#[derive(Clone, Copy)]
pub enum Rounds {
    Short,
    Long,
}

/// The fast inner loop: format, lints, architecture.
pub fn check() -> Result<(), Failure> {
    parts::ensure_components()?;
    format()?;
    lints()?;
    architecture(Rounds::Short)
}

/// What CI runs. Stops at the first step that fails; within a step every test is run.
pub fn test(rounds: Rounds) -> Result<(), Failure> {
    parts::ensure_components()?;
    parts::ensure_postgres()?;
    parts::prometheus::ensure_prometheus()?;
    let schemathesis = parts::schemathesis::ensure_schemathesis()?;
    format()?;
    lints()?;
    architecture(rounds)?;
    behaviour(rounds)?;
    examples(rounds)?;
    storm::check()?;
    smoke::run(&schemathesis)
}

fn format() -> Result<(), Failure> {
    step("format: every file is as rustfmt writes it", || {
        run(&mut cargo(&["fmt", "--all", "--check"]), "run `cargo fmt --all`")
    })
}

/// The lint level is an argument, never `RUSTFLAGS`, which would rebuild every dependency.
fn lints() -> Result<(), Failure> {
    step("lints: clippy finds nothing in any target", || {
        run(
            &mut cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]),
            "follow the first error; a lint that is wrong gets `#[expect(…, reason = \"…\")]`",
        )
    })
}

fn architecture(rounds: Rounds) -> Result<(), Failure> {
    step("architecture: the rules of ARCHITECTURE.md hold in the code", || {
        run(
            &mut with_rounds(cargo(&["test", "--package", "archtest"]), rounds),
            "the failed test names its rule; a wanted change of a golden file is `cargo xtask bless`",
        )
    })
}

fn behaviour(rounds: Rounds) -> Result<(), Failure> {
    let arguments = ["test", "--workspace", "--exclude", "archtest", "--lib", "--bins", "--tests"];
    step("tests: every crate, on a real PostgreSQL", || {
        let mut command = with_rounds(cargo(&arguments), rounds);
        run(command.arg("--no-fail-fast"), "run one alone: `cargo test -p PACKAGE TEST`")
    })
}

fn examples(rounds: Rounds) -> Result<(), Failure> {
    step("examples: the code in the documentation works", || {
        run(
            &mut with_rounds(cargo(&["test", "--doc", "--workspace"]), rounds),
            "the example is part of the promise: correct it or the code",
        )
    })
}

fn with_rounds(mut command: Command, rounds: Rounds) -> Command {
    match rounds {
        Rounds::Short => command.env_remove("SOCLE_LONG"),
        Rounds::Long => command.env("SOCLE_LONG", "1"),
    };
    command
}
