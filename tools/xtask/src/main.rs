//! The command line of `cargo xtask`: reads the arguments and hands over; does no work itself.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{
    Failure,
    bench::{self, Rows, Shape},
    bless,
    checks::{self, Rounds},
    launch, storm,
};

/// All automation of the workspace: build, check, test, measure, run.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build Socle, start it in the background and load the demo.
    ///
    /// Installs what is missing first. The data folder is `SOCLE_DATA`, or Socle's own default.
    Run {
        /// Options given to every `socle` command, for instance `-- --data /srv/socle`.
        #[arg(last = true, value_name = "SOCLE OPTIONS")]
        options: Vec<String>,
    },
    /// Run what CI runs: format, lints, architecture, all tests, the program as a newcomer uses it.
    Test {
        /// Add the long rounds: tests see `SOCLE_LONG=1`.
        #[arg(long)]
        all: bool,
    },
    /// Run the fast inner loop: format, lints, architecture.
    Check,
    /// Run the benchmarks and print their figures.
    Bench {
        /// Print results for machines, one JSON object a line, and nothing else on standard output.
        #[arg(long)]
        json: bool,
        /// Add the rows that take minutes.
        #[arg(long)]
        long: bool,
        /// Which rows; all of them when none is named, and their names when one is wrong.
        names: Vec<String>,
    },
    /// Break everything around two programs on one database, and look whether they kept their word.
    Storm {
        /// What `storm --help` lists: `--seed N`, `--rounds N`, `--round N`, `--self-test`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "STORM OPTIONS")]
        words: Vec<String>,
    },
    /// Rewrite the golden files from what the tests see now; read the difference before you commit.
    Bless {
        /// Packages to bless; every package that keeps golden files when none is named.
        packages: Vec<String>,
    },
}

fn main() -> ExitCode {
    match obey(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nerror: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn obey(command: Command) -> Result<(), Failure> {
    match command {
        Command::Run { options } => launch::run(&options),
        Command::Test { all } => checks::test(if all { Rounds::Long } else { Rounds::Short }),
        Command::Check => checks::check(),
        Command::Bench { json, long, names } => bench::run(
            if json { Shape::Json } else { Shape::Table },
            if long { Rows::All } else { Rows::Short },
            &names,
        ),
        Command::Storm { words } => storm::run(&words),
        Command::Bless { packages } => bless::run(&packages),
    }
}
