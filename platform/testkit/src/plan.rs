//! The plan of a statement that is told nothing of its parameters.

use sqlx::{AssertSqlSafe, PgConnection};

/// How the session would run `sql`, whose `$1`, if it has one, is a tenant; prepared and explained
/// for parameters that are all null. The session says in which role, and that plans are generic.
pub async fn plan(session: &mut PgConnection, sql: &str) -> String {
    run(session, format!("prepare asked (uuid) as {sql}")).await;
    let count = "select cardinality(parameter_types) from pg_prepared_statements
                 where name = 'asked'";
    let count: i32 = sqlx::query_scalar(count).fetch_one(&mut *session).await.expect("prepared");
    let nulls = vec!["null"; usize::try_from(count).expect("a count")].join(", ");
    let explain = AssertSqlSafe(format!("explain execute asked({nulls})"));
    let explain = sqlx::query_scalar::<_, String>(explain).persistent(false);
    let lines = explain.fetch_all(&mut *session).await.expect("explained");
    run(session, "deallocate asked".to_owned()).await;
    lines.join("\n")
}

async fn run(session: &mut PgConnection, sql: String) {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.as_str())).execute(session).await;
    done.unwrap_or_else(|error| panic!("{error}: {sql}"));
}
