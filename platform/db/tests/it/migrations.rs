//! Migrations: once each, one process at a time, and never on a newer database.

use std::slice::from_ref;

use futures_util::future::{join, join_all};
use socle_db::{Database, Logins, Migration, MigrationRefused, Module, Schema};
use socle_kernel::Fault;
use socle_testkit::{TestDatabase, server};
use sqlx::AssertSqlSafe;

use crate::world::{MODULES, NOTES, module};

const SECOND: Migration = Migration {
    version: 2,
    description: "second",
    sql: "create table {schema}.second (id int primary key)",
};

/// A database of the test's own, with nothing in it.
async fn empty() -> (TestDatabase, Logins) {
    let database = TestDatabase::of(&[]).await;
    let logins = Logins::trusted(server().await.admin(&database.name));
    (database, logins)
}

fn refused(outcome: Result<(), Fault>) -> String {
    let fault = outcome.expect_err("it is refused");
    fault.cause::<MigrationRefused>().expect("a refusal that says why").to_string()
}

#[tokio::test]
async fn a_second_run_changes_nothing() {
    let (database, logins) = empty().await;
    Database::migrate(&logins, &MODULES).await.expect("migrated");
    let history = "select count(*) from socle_desk.migration_platform";

    Database::migrate(&logins, &MODULES).await.expect("migrated again");

    assert_eq!(database.number(history).await, 1);
}

#[tokio::test]
async fn several_processes_at_once_wait_for_each_other() {
    let (database, logins) = empty().await;

    let all = join_all((0..6).map(|_| Database::migrate(&logins, &MODULES))).await;

    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert_eq!(database.number("select count(*) from socle_shelf.migration_platform").await, 1);
}

/// Roles belong to the whole server, so no lock of one database keeps another away from them.
#[tokio::test]
async fn a_role_that_another_database_makes_meanwhile_is_taken_as_made() {
    let (database, logins) = empty().await;
    let made = new_module(&database, "made");
    let granted = new_module(&database, "granted");
    let (maker, member) = (Schema::of(made.name), Schema::of(granted.name));
    database.execute(&format!("create role {member}")).await;

    let making = format!("create role {maker}");
    migrate_during(&database, &logins, (&made, &making)).await;
    let granting = format!("grant {member} to socle_app");
    migrate_during(&database, &logins, (&granted, &granting)).await;

    for module in [made, granted] {
        database
            .execute(&format!("set role socle_app; set role {}", Schema::of(module.name)))
            .await;
    }
}

/// Migrates while somebody else has done `sql` and commits it once the migration waits for that.
async fn migrate_during(database: &TestDatabase, logins: &Logins, (of, sql): (&Module, &str)) {
    const WAITING: &str = "select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'";
    let mut other = database.superuser().await;
    let begun = sqlx::raw_sql(AssertSqlSafe(format!("begin; {sql}"))).execute(&mut other).await;
    begun.expect("the other begins");

    let commit = async {
        while database.number(WAITING).await == 0 {}
        sqlx::raw_sql("commit").execute(&mut other).await.expect("the other commits");
    };
    let (migrated, ()) = join(Database::migrate(logins, from_ref(of)), commit).await;

    migrated.expect("what the other did is taken as done");
}

/// A module whose roles nobody has made before: they outlive the database, as roles do.
fn new_module(database: &TestDatabase, what: &str) -> Module {
    let unique = database.name.bytes().map(|it| char::from(b'a' + it % 26));
    module(format!("{}_{what}", unique.collect::<String>()).leak())
}

#[tokio::test]
async fn a_database_that_is_newer_is_refused_and_left_alone() {
    const NEWER: Module = Module { name: "desk", platform: &[&[NOTES, SECOND]], own: &[] };
    let (database, logins) = empty().await;
    Database::migrate(&logins, &[NEWER]).await.expect("the newer program migrates");

    let says = refused(Database::migrate(&logins, &[module("desk")]).await);

    assert!(says.contains("the database is newer than this program"), "{says}");
    assert!(says.contains("socle_desk has step 2"), "{says}");
    assert_eq!(database.number("select count(*) from socle_desk.second").await, 0);
}

#[tokio::test]
async fn a_step_that_has_run_is_never_edited() {
    const EDITED: Module =
        Module { name: "desk", platform: &[&[Migration { sql: "select 1", ..NOTES }]], own: &[] };
    let (_database, logins) = empty().await;
    Database::migrate(&logins, &[module("desk")]).await.expect("migrated");

    let says = refused(Database::migrate(&logins, &[EDITED]).await);

    assert!(says.contains("step 1 of socle_desk is not the one that was applied"), "{says}");
}

#[tokio::test]
async fn a_step_that_fails_leaves_nothing_and_is_taken_up_again() {
    const BROKEN: Module = Module {
        name: "desk",
        platform: &[&[
            NOTES,
            Migration {
                version: 2,
                description: "broken",
                sql: "create table {schema}.second (id int primary key); select 1 / 0",
            },
        ]],
        own: &[],
    };
    const MENDED: Module = Module { name: "desk", platform: &[&[NOTES, SECOND]], own: &[] };
    let (database, logins) = empty().await;

    let broken = Database::migrate(&logins, &[BROKEN]).await;

    assert!(broken.is_err());
    let half = "select count(*) from pg_class where relname = 'second'";
    assert_eq!(database.number(half).await, 0);
    Database::migrate(&logins, &[MENDED]).await.expect("it goes on where it stopped");
    assert_eq!(database.number("select count(*) from socle_desk.second").await, 0);
}
