//! Walls between tenants and around what has been asked for, as PostgreSQL holds them.

use socle_testkit::{elsewhere, server};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{kinds::letter, world::World};

const NOT_ALLOWED: &str = "42501";

async fn session(world: &World, role: &str) -> PgConnection {
    let login = server().await.admin(&world.database.name).username("socle_app");
    let mut session = PgConnection::connect_with(&login).await.expect("the program logs in");
    let tenant = world.cx().tenant.uuid();
    let take = format!("set role {role}; set socle.tenant = '{tenant}'");
    sqlx::raw_sql(AssertSqlSafe(take)).execute(&mut session).await.expect("the role is taken");
    session
}

async fn denied(session: &mut PgConnection, sql: &str) -> String {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(session).await;
    let error = done.err().unwrap_or_else(|| panic!("it must not be allowed: {sql}"));
    let error = error.into_database_error().expect("the server refuses");
    error.code().expect("with a code").into_owned()
}

#[tokio::test]
async fn every_table_of_jobs_forces_row_security() {
    let world = World::new().await;
    let tables = "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
                  where n.nspname = 'socle_post' and c.relkind = 'r' and c.relname like 'job%'";

    let all = world.database.number(tables).await;
    let forced = format!("{tables} and c.relrowsecurity and c.relforcerowsecurity");

    assert_eq!(all, 7);
    assert_eq!(world.database.number(&forced).await, all);
}

#[tokio::test]
async fn a_module_changes_no_job_and_sees_none_of_another_tenant() {
    let world = World::new().await;
    world.enqueue(&letter("ours")).await;
    world.enqueue_as(&elsewhere(&world.cx()), &letter("theirs")).await;
    let theirs = elsewhere(&world.cx()).tenant.uuid();
    let mut session = session(&world, "socle_post").await;

    let forged = format!(
        "insert into socle_post.job_run (tenant_id, id, kind, queue, attempts_max, run_at)
         values ('{theirs}', gen_random_uuid(), 'x', 'default', 1, now())"
    );
    for sql in [
        "update socle_post.job_run set run_at = now()",
        "update socle_post.job set kind = 'x'",
        "delete from socle_post.job",
        "select from socle_post.job",
        "select from socle_post.job_worker",
        "select from socle_post.job_cron",
        "insert into socle_post.job_pause values ('low', now(), 'me')",
        &forged,
    ] {
        assert_eq!(denied(&mut session, sql).await, NOT_ALLOWED, "{sql}");
    }
    let seen = "select count(*) from socle_post.job_run";
    let seen: i64 = sqlx::query_scalar(seen).fetch_one(&mut session).await.expect("counted");
    assert_eq!(seen, 1);
}

#[tokio::test]
async fn nobody_changes_what_was_asked_for() {
    let world = World::new().await;
    world.enqueue(&letter("dear")).await;
    let mut session = session(&world, "socle_post_system").await;

    for sql in ["update socle_post.job set kind = 'x'", "update socle_post.job_end set attempt = 0"]
    {
        assert_eq!(denied(&mut session, sql).await, NOT_ALLOWED, "{sql}");
    }
}

#[tokio::test]
async fn an_erased_tenant_leaves_no_job() {
    let world = World::new().await;
    world.enqueue(&letter("ours")).await;
    world.enqueue_as(&elsewhere(&world.cx()), &letter("theirs")).await;
    let tenant = world.cx().tenant;

    let erased = world.database.database.erase(&[crate::world::MODULE], tenant).await;

    assert_eq!(erased.expect("erased"), 2);
    assert_eq!((world.count("job").await, world.count("job_run").await), (1, 1));
}
