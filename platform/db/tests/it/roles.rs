//! Who may what: the login, the module's role, the system role.

use socle_testkit::{TestDatabase, cx};
use sqlx::{AssertSqlSafe, Error};

use crate::world::MODULES;

/// What the server says to `sql` as this role.
async fn as_role(database: &TestDatabase, role: &str, sql: &str) -> Result<u64, String> {
    let mut session = database.superuser().await;
    let tenant = cx().tenant.uuid();
    let take = format!("set role {role}; set socle.tenant = '{tenant}'");
    sqlx::raw_sql(AssertSqlSafe(take)).execute(&mut session).await.expect("the role is taken");
    match sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut session).await {
        Ok(done) => Ok(done.rows_affected()),
        Err(Error::Database(refused)) => Err(refused.message().to_owned()),
        Err(other) => panic!("{sql}: {other}"),
    }
}

#[tokio::test]
async fn the_login_is_no_superuser_and_has_no_rights_of_its_own() {
    let database = TestDatabase::of(&MODULES).await;

    let plain = "select count(*) from pg_roles where rolname = 'socle_app' and rolcanlogin
                 and not (rolsuper or rolbypassrls or rolinherit or rolcreaterole or rolcreatedb)";
    assert_eq!(database.number(plain).await, 1);
    let refused = as_role(&database, "socle_app", "select * from socle_desk.note").await;
    assert!(refused.expect_err("refused").contains("permission denied"));
}

#[tokio::test]
async fn no_role_of_a_module_logs_in_or_passes_row_security() {
    let database = TestDatabase::of(&MODULES).await;

    let unfit = "select count(*) from pg_roles where rolname like 'socle\\_%'
                 and rolname not in ('socle_app', 'socle_admin')
                 and (rolcanlogin or rolsuper or rolbypassrls)";

    assert_eq!(database.number(unfit).await, 0);
}

#[tokio::test]
async fn a_module_has_no_right_outside_its_schema() {
    let database = TestDatabase::of(&MODULES).await;

    for role in ["socle_desk", "socle_desk_system"] {
        for sql in [
            "select * from socle_shelf.note",
            "insert into socle_shelf.note values (gen_random_uuid(), 1, '')",
            "create table socle_desk.mine (id int)",
            "create table public.mine (id int)",
            "drop table socle_desk.note",
            "truncate socle_desk.note",
            "delete from socle_desk.note",
            "alter table socle_desk.note disable row level security",
        ] {
            let refused = as_role(&database, role, sql).await.expect_err(sql);
            let denied = refused.contains("permission denied") || refused.contains("must be owner");
            assert!(denied, "{role}: {sql}: {refused}");
        }
    }
}

#[tokio::test]
async fn a_row_of_another_tenant_can_be_neither_written_nor_changed() {
    let database = TestDatabase::of(&MODULES).await;
    let theirs = uuid::Uuid::from_u128(0xBEE);
    let insert = format!("insert into socle_desk.note values ('{theirs}', 1, 'smuggled')");
    let done = as_role(&database, "socle_desk_system", &insert).await;
    assert_eq!(done, Ok(1));

    let smuggled = as_role(&database, "socle_desk", &insert).await.expect_err("refused");
    let changed = as_role(&database, "socle_desk", "update socle_desk.note set text = ''").await;

    assert!(smuggled.contains("row-level security"), "{smuggled}");
    assert_eq!(changed, Ok(0));
}

#[tokio::test]
async fn the_owner_itself_is_held_by_the_walls() {
    let database = TestDatabase::of(&MODULES).await;
    let id = uuid::Uuid::from_u128(0xBEE);
    let insert = format!("insert into socle_desk.note values ('{id}', 1, 'seen?')");
    as_role(&database, "socle_desk_system", &insert).await.expect("inserted");

    assert_eq!(
        as_role(&database, "socle_owner", "update socle_desk.note set text = ''").await,
        Ok(0)
    );
}
