//! The program itself: what it offers, and what it says to a mistake.

use std::process::{Command, Output};

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().expect("xtask runs")
}

#[test]
fn help_names_every_command() {
    let output = xtask(&["--help"]);
    let help = String::from_utf8_lossy(&output.stdout);

    assert!(output.status.success());
    for command in ["run", "test", "check", "bench", "bless"] {
        assert!(help.lines().any(|line| line.trim_start().starts_with(command)), "{help}");
    }
}

#[test]
fn an_unknown_benchmark_is_refused_before_anything_is_built() {
    let output = xtask(&["bench", "boks"]);
    let said = String::from_utf8_lossy(&output.stderr);

    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("\"boks\"") && said.contains("next: one of: books"), "{said}");
    assert!(output.stdout.is_empty());
}
