//! What the program can tell of itself without a database: its API, its modules, its error codes,
//! and how a shell completes its commands.

use clap::CommandFactory;
use clap_complete::Shell;
use serde::Serialize;
use serde_json::Value;
use socle_db::{Database, Logins, Schema};
use socle_host::{Deps, Host, Settings};
use sqlx::postgres::PgConnectOptions;

use crate::{
    answer::Answer,
    cli::Cli,
    modules::{TABLES, catalogue, modules},
    table::Table,
};

#[derive(Serialize)]
struct Codes {
    codes: Vec<OfCode>,
}

#[derive(Serialize)]
struct OfCode {
    code: String,
    status: u16,
    says: String,
}

#[derive(Serialize)]
struct Modules {
    modules: Vec<OfModule>,
}

#[derive(Serialize)]
struct OfModule {
    name: &'static str,
    schema: String,
    routes: usize,
}

#[derive(Serialize)]
struct Script {
    shell: String,
    script: String,
}

/// `socle errors`.
pub(super) fn errors() -> Answer {
    let catalogue = catalogue();
    let codes = catalogue.codes().iter().map(|it| OfCode {
        code: it.code.clone(),
        status: it.status.as_u16(),
        says: it.says.clone(),
    });
    let codes: Vec<_> = codes.collect();
    let mut table = Table::new(&["CODE", "STATUS", "SAYS"]);
    for it in &codes {
        table.row(vec![it.code.clone(), it.status.to_string(), it.says.clone()]);
    }
    Answer::new(&Codes { codes }, table.to_string())
}

/// `socle openapi`.
pub(super) fn openapi() -> Answer {
    described(host().document())
}

/// `socle asyncapi`.
pub(super) fn asyncapi() -> Answer {
    described(host().events())
}

fn described(document: &Value) -> Answer {
    Answer::new(document, format!("{document:#}"))
}

/// `socle modules`.
pub(super) fn list() -> Answer {
    let host = host();
    let routes = |module: &str| {
        let paths = host.document()["paths"].as_object().into_iter().flatten();
        let operations = paths.filter_map(|it| it.1.as_object()).flatten();
        operations.filter(|it| it.1["tags"][0] == module).count()
    };
    let modules = TABLES.map(|it| OfModule {
        name: it.name,
        schema: Schema::of(it.name).to_string(),
        routes: routes(it.name),
    });
    let mut table = Table::new(&["MODULE", "SCHEMA", "ROUTES"]);
    for it in &modules {
        table.row(vec![it.name.to_owned(), it.schema.clone(), it.routes.to_string()]);
    }
    Answer::new(&Modules { modules: modules.into() }, table.to_string())
}

/// `socle completions`.
pub(super) fn completions(shell: Shell) -> Answer {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "socle", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    Answer::new(&Script { shell: shell.to_string(), script: script.clone() }, script)
}

/// All modules together, to be asked what they offer: nothing is asked of the database, which need
/// not be there.
fn host() -> Host {
    let nowhere = Database::open(&Logins::trusted(PgConnectOptions::new()));
    let settings = Settings::of_version(env!("CARGO_PKG_VERSION"));
    let deps = Deps::new(nowhere.clone(), settings.metrics.clone());
    let (modules, ports) = modules(&deps);
    Host::new(nowhere, modules, ports, catalogue(), &settings)
}
