//! Every statement of the books, as it ran: prepared as its role, and planned without a sequential
//! scan over a hundred thousand entries of fifty tenants.
//!
//! The statements are taken from the sessions that prepared them; the sources say which must have
//! been among them, so that a new one that no step below runs is noticed. `verify` reads everything
//! by design and is not held to this.

mod generated;
mod run;

use std::{fs, path::Path};

use socle_testkit::server;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::notes::world_with_notes;
use run::Prepared;

/// The text without what differs between a source and its statement.
fn plain(sql: &str) -> String {
    let sql = sql.replace("{schema}", "socle_shop").replace("caller.tenant", "$1");
    let mut text = String::new();
    for word in sql.split_whitespace() {
        let mut rest = word.chars().peekable();
        while let Some(it) = rest.next() {
            text.push(if it == '@' { '$' } else { it });
            while matches!(it, '$' | '@') && rest.next_if(char::is_ascii_digit).is_some() {}
        }
        text.push(' ');
    }
    text.trim().to_owned()
}

/// The pieces of SQL in the sources: string literals that name the schema.
fn pieces(folder: &Path, found: &mut Vec<String>) {
    for it in fs::read_dir(folder).expect("the sources are there") {
        let path = it.expect("a file").path();
        if path.file_stem().is_some_and(|it| it == "verify") {
            continue;
        }
        if path.is_dir() {
            pieces(&path, found);
            continue;
        }
        let source = fs::read_to_string(&path).expect("a source");
        let code = source.lines().filter(|it| !it.trim_start().starts_with("//"));
        let code: Vec<&str> = code.collect();
        let literals = code.join("\n");
        let literals = literals.split('"').skip(1).step_by(2);
        found.extend(literals.filter(|it| it.contains("{schema}")).map(plain));
    }
}

async fn plan(session: &mut PgConnection, prepared: &Prepared) -> Vec<String> {
    let Prepared { sql, types } = prepared;
    let role = if sql.starts_with("/* every tenant */") { "_system" } else { "" };
    let nulls = vec!["null"; types.len()].join(", ");
    let (types, nulls) = match types.len() {
        0 => (String::new(), String::new()),
        _ => (format!("({})", types.join(", ")), format!("({nulls})")),
    };
    let prepare = format!(
        "reset role; deallocate all; set role socle_shop{role};
         set plan_cache_mode = force_generic_plan; set socle.tenant = '{}';
         prepare it {types} as {sql}",
        generated::tenant(7)
    );
    sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut *session).await.expect("it is prepared");
    let explain = format!("explain execute it {nulls}");
    let lines = sqlx::query_scalar::<_, String>(AssertSqlSafe(explain)).persistent(false);
    lines.fetch_all(session).await.expect("it is planned")
}

/// Scans of a tenant's table from one end to the other.
fn scans(plan: &[String]) -> Vec<&String> {
    let tables = generated::TABLES;
    let scanned = |line: &&String| {
        let (_, table) = line.split_once("Seq Scan on ")?;
        let table = table.split_whitespace().next()?;
        tables.contains(&table).then_some(())
    };
    plan.iter().filter(|it| scanned(it).is_some()).collect()
}

#[tokio::test]
async fn no_statement_scans_a_table_of_many_tenants() {
    let world = world_with_notes().await;
    let statements = run::all(&world).await;
    generated::fill(&world.database).await;
    let login = server().await.admin(&world.database.name).username("socle_app");
    let mut session = PgConnection::connect_with(&login).await.expect("the program logs in");

    assert!(40 < statements.len());
    let mut wrong = Vec::new();
    for it in &statements {
        let plan = plan(&mut session, it).await;
        if !scans(&plan).is_empty() {
            wrong.push(format!("{}\n{}", it.sql, plan.join("\n")));
        }
    }

    assert!(wrong.is_empty(), "{} scan:\n{}", wrong.len(), wrong.join("\n\n"));
    let busy = statements.iter().find(|it| it.sql.contains("as busy"));
    let plan = plan(&mut session, busy.expect("holds of busy accounts are looked for")).await;
    let plan = plan.join("\n");
    for index in ["hold_of_account", "hold_of_counter"] {
        assert!(plan.contains(index), "a hold is found from either end:\n{plan}");
    }
}

#[tokio::test]
async fn every_statement_in_the_sources_is_run() {
    let world = world_with_notes().await;
    let mut wanted = Vec::new();
    pieces(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sql"), &mut wanted);

    let run: Vec<String> = run::all(&world).await.iter().map(|it| plain(&it.sql)).collect();

    assert!(30 < wanted.len(), "the sources hold the statements: {}", wanted.len());
    let missing: Vec<_> =
        wanted.iter().filter(|it| !run.iter().any(|sql| sql.contains(it.as_str()))).collect();
    assert!(missing.is_empty(), "never run: {missing:#?}");
}
