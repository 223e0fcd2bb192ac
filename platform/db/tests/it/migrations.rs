//! Migrations: once each, one process at a time, and never on a newer database.

use futures_util::future::join_all;
use socle_db::{Database, Logins, Migration, MigrationRefused, Module};
use socle_kernel::Fault;
use socle_testkit::{TestDatabase, server};

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
