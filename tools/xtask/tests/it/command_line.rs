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
