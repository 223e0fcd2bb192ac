//! What can be typed.

mod access;
mod ledger;
mod operations;

use std::{env, ffi::OsStr, path::PathBuf, process::ExitCode};

use clap::{
    ArgAction, ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand,
    builder::{OsStringValueParser, TypedValueParser},
    error::ErrorKind,
    parser::ValueSource,
};
use clap_complete::Shell;

pub(crate) use access::{Issue, KeyCommand, TenantCommand};
pub(crate) use ledger::{
    Balance, Define, ExpiringDays, LedgerCommand, ProgrammeCommand, Span, Statement,
};
pub(crate) use operations::{
    CronCommand, DeadLetters, DeadLettersCommand, EventsCommand, JobsCommand, JobsFilter, Tail,
};

use crate::{
    answer::{self, Shape},
    failure::{Exit, Failure},
    settings::Settings,
};

/// Socle keeps a merchant's books: who has how many points, and why.
#[derive(Debug, Parser)]
#[command(name = "socle", version, after_help = AFTER, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Print one JSON object on one line, last, for programs.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say more on standard error; twice, still more.
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    /// How the answer is to be given.
    pub(crate) fn shape(&self) -> Shape {
        match &self.command {
            Command::Serve(how) if how.detached => Shape::Relayed,
            _ if self.json => Shape::Json,
            _ => Shape::Text,
        }
    }
}

/// Where the data is, and whose.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The data folder. [default: /var/lib/socle for root, else ~/.local/share/socle]
    #[arg(
        long,
        global = true,
        env = "SOCLE_DATA",
        value_name = "DIR",
        hide_env_values = true,
        value_parser = OsStringValueParser::new().map(PathBuf::from)
    )]
    pub(crate) data: Option<PathBuf>,
    /// Whose books. [default: demo]
    #[arg(
        long,
        global = true,
        env = "SOCLE_TENANT",
        value_name = "HANDLE",
        hide_env_values = true
    )]
    pub(crate) tenant: Option<String>,
    /// A file of settings. [default: socle.toml in the data folder]
    #[arg(long, global = true, env = "SOCLE_CONFIG", value_name = "FILE", hide_env_values = true)]
    pub(crate) config: Option<String>,
    /// Where HTTP is served. [default: 127.0.0.1:8080]
    #[arg(
        long,
        global = true,
        env = "SOCLE_LISTEN",
        value_name = "ADDRESS",
        hide_env_values = true
    )]
    pub(crate) listen: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve HTTP, and keep the database up, until it is told to stop; other commands join it.
    ///
    /// Without it, each command starts the database and stops it at its end.
    Serve(Serve),
    /// Say what runs, and where its data is. Starts nothing.
    Status,
    /// Stop what runs on the data folder; the data stays.
    Stop,
    /// Load a merchant, a programme and customers to look at. A second time changes nothing.
    Demo,
    /// Read purchases from files.
    #[command(subcommand)]
    Import(ImportCommand),
    /// Look at points: balances, statements, reports, and whether everything adds up.
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Let tenants in, suspend them, let them go.
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// Issue, list, rotate and revoke the keys with which programs call over HTTP.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Who reads what was published, and what is published now.
    #[command(subcommand)]
    Events(EventsCommand),
    /// Look at events and jobs that failed for good; try them again or give them up.
    #[command(subcommand)]
    DeadLetters(DeadLettersCommand),
    /// Look at what is done later; pause a queue, run or cancel a job.
    #[command(subcommand)]
    Jobs(JobsCommand),
    /// Look at what is done again and again; pause it, or do it now.
    #[command(subcommand)]
    Cron(CronCommand),
    /// Print the description of every route: OpenAPI 3.1.
    Openapi,
    /// Print the description of every event: the AsyncAPI document, version 3.0.
    #[expect(clippy::doc_markdown, reason = "it is what people read on the command line")]
    Asyncapi,
    /// List the modules, their schemas and how many routes they have.
    Modules,
    /// List every error code, its status and what it says.
    Errors,
    /// Print the completions of a shell, to be read by its start-up file.
    Completions { shell: Shell },
    /// Bring the database up to date, and say what was applied. Every command does it as well.
    Migrate,
    /// Print each setting, its value and where it comes from.
    Config,
    /// Look for what is wrong: disk, clock, PostgreSQL and its settings, privileges.
    Doctor,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Go on in the background; return when it is ready.
    #[arg(long)]
    pub(crate) detach: bool,
    /// The background process of `--detach`.
    #[arg(long, hide = true, conflicts_with = "detach")]
    pub(crate) detached: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// Replay a file of purchases; each earns its points on its own date.
    #[command(after_help = PURCHASES)]
    Purchases(Purchases),
}

#[derive(Debug, Args)]
pub(crate) struct Purchases {
    /// Lines of 4 columns (customer, date, count, dollars) or 5 (a second name of the customer
    /// after the first, not used).
    pub(crate) file: PathBuf,
    /// Which programme gives the points, when the tenant has several.
    #[arg(long, value_name = "NAME")]
    pub(crate) programme: Option<String>,
}

const AFTER: &str = "\
First steps:
  socle demo                                       a merchant and customers to look at
  socle ledger balance --customer demo-alice       what one of them has
  socle import purchases demo/data/cdnow_sample.txt
  socle ledger verify                              recompute everything from the entries

Exit codes:
  0  done
  1  the answer is bad: a check found something, or a rule says no
  2  the command line is wrong
  3  something must be there first: the demo, a tenant, a programme, a customer, a file,
     room for the answer
  4  the database cannot be reached, started or used by this version
  5  a bug, damage, or a server that is set up wrongly

Environment:
  SOCLE_DATA     the data folder, like --data
  SOCLE_TENANT   whose books, like --tenant
  SOCLE_LISTEN   where HTTP is served, like --listen
  SOCLE_CONFIG   a file of settings, like --config; `socle config` lists what it may say
  DATABASE_URL   an administrator's login on a PostgreSQL of your own (15 or later), no superuser
                 needed; without it Socle runs a private one in the data folder
  SOCLE_APP_URL  how socle_app logs in there, when Socle shall not set its password
  SOCLE_PG_BIN   the folder of PostgreSQL's programs, for the private one
  SOCLE_LOG      what is logged, as in `debug` or `socle_db=debug`";

const PURCHASES: &str = "\
A purchase is known by its customer, date, count and dollars, and by its rank among those that are
equal in all four. So the same file again changes nothing, in whatever order its lines are, and a
longer one adds what is new. Lines that cannot be read are reported, the rest goes in.

Example:
  socle import purchases demo/data/cdnow_sample.txt --json";

/// What was typed, and what it means together with the environment. Of mistakes, and of those who
/// only want help, the exit code: they have been answered.
pub(crate) fn read() -> Result<(Cli, Settings), ExitCode> {
    let matches = Cli::command().try_get_matches().and_then(without_empty_flags);
    let matches = matches.map_err(|error| mistake(&error))?;
    let cli = Cli::from_arg_matches(&matches).map_err(|error| mistake(&error))?;
    match Settings::of(&cli.place, &matches) {
        Ok(settings) => Ok((cli, settings)),
        Err(failure) => Err(failure.print(cli.shape())),
    }
}

/// An empty variable is none; an empty flag is a mistake, of a script whose own variable is empty.
fn without_empty_flags(matches: ArgMatches) -> Result<ArgMatches, clap::Error> {
    for name in ["config", "data", "listen", "tenant"] {
        let is_typed = matches.value_source(name) == Some(ValueSource::CommandLine);
        let mut values = matches.get_raw(name).into_iter().flatten();
        if is_typed && values.any(OsStr::is_empty) {
            let why = format!("--{name} is empty");
            return Err(Cli::command().error(ErrorKind::InvalidValue, why));
        }
    }
    Ok(matches)
}

/// Tells what cannot be understood: in words, and as an object to who asks for one.
fn mistake(error: &clap::Error) -> ExitCode {
    // Nobody is left to be told that the output is closed.
    let _ = error.print();
    if !error.use_stderr() {
        return ExitCode::SUCCESS;
    }
    if env::args_os().any(|it| it == "--json") {
        let words = error.render().to_string();
        let why = words.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
        let why = why.split_whitespace().collect::<Vec<_>>().join(" ");
        let failure = Failure::new(Exit::Usage, why, "add --help to see how it is written");
        // The exit code tells it as well.
        let _ = answer::print(&failure.object());
    }
    ExitCode::from(Exit::Usage as u8)
}
