//! Erasing a tenant: nothing of it is left, and nothing else is touched.

use socle_db::FAILPOINTS;
use socle_testkit::{Child, TestDatabase, child_scenario};
use sqlx::AssertSqlSafe;

use crate::world::{MODULES, tenant};

const LEAVING: u128 = 1;
const STAYING: u128 = 2;

/// More than two batches in each module.
const NOTES: i64 = 12_000;

async fn with_notes_of_two() -> TestDatabase {
    let database = TestDatabase::of(&MODULES).await;
    for schema in ["socle_desk", "socle_shelf"] {
        for of in [LEAVING, STAYING] {
            let id = tenant(of).uuid();
            let fill = format!(
                "insert into {schema}.note
                 select '{id}', n, 'note ' || n from generate_series(1, {NOTES}) as n"
            );
            database.execute(&fill).await;
        }
    }
    database
}

async fn count(database: &TestDatabase, of: u128) -> i64 {
    let id = tenant(of).uuid();
    let count = format!(
        "select (select count(*) from socle_desk.note where tenant_id = '{id}')
              + (select count(*) from socle_shelf.note where tenant_id = '{id}')"
    );
    database.number(&count).await
}

/// Of everything that the staying tenant has.
async fn checksum(database: &TestDatabase) -> i64 {
    let id = tenant(STAYING).uuid();
    let sum = format!(
        "select (sum(hashtextextended(it::text, 0)) % 1000000007)::bigint from (
             select * from socle_desk.note union all select * from socle_shelf.note
         ) as it where tenant_id = '{id}'"
    );
    database.number(&sum).await
}

#[tokio::test]
async fn a_tenant_is_erased_from_every_module_and_its_neighbour_is_not() {
    let database = with_notes_of_two().await;
    let before = checksum(&database).await;

    let erased = database.database.erase(&MODULES, tenant(LEAVING)).await.expect("erased");
    let again = database.database.erase(&MODULES, tenant(LEAVING)).await.expect("nothing to do");

    assert_eq!((erased, again), (2 * 12_000, 0));
    assert_eq!(count(&database, LEAVING).await, 0);
    assert_eq!(count(&database, STAYING).await, 2 * NOTES);
    assert_eq!(checksum(&database).await, before);
}

#[tokio::test]
async fn an_erasure_that_was_killed_goes_on_when_it_is_called_again() {
    let database = with_notes_of_two().await;
    let before = checksum(&database).await;
    let &[failpoint] = FAILPOINTS else { panic!("each failpoint has its test") };

    let child = Child::playing("erasure::player", &database.name);
    let died = child.dying_at(&format!("{failpoint}:4")).run();

    assert!(!died.success());
    let left = count(&database, LEAVING).await;
    assert!(0 < left && left < NOTES, "it died in the second module: {left}");
    database.database.erase(&MODULES, tenant(LEAVING)).await.expect("erased");
    assert_eq!(count(&database, LEAVING).await, 0);
    assert_eq!(checksum(&database).await, before);
}

/// Plays the part of the process that is killed.
#[tokio::test]
async fn player() {
    let Some(name) = child_scenario() else { return };
    let database = TestDatabase::named(name).await;
    database.database.erase(&MODULES, tenant(LEAVING)).await.expect("it dies before");
}

#[tokio::test]
async fn what_shows_a_tenant_to_the_owner_lets_nobody_write_and_no_other_role_see() {
    let database = with_notes_of_two().await;
    let id = tenant(LEAVING).uuid();
    let seen = async |role: &str, sql: &str| {
        let mut session = database.superuser().await;
        let take = format!("set role {role}; set socle.erase = '{id}'; set socle.tenant = '{id}'");
        sqlx::raw_sql(AssertSqlSafe(take)).execute(&mut session).await.expect("the role is taken");
        let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut session).await;
        done.map(|it| it.rows_affected()).map_err(|it| it.to_string())
    };

    let insert = format!("insert into socle_desk.note values ('{id}', 0, 'new')");
    for write in [insert.as_str(), "update socle_desk.note set text = 'changed'"] {
        let refused = seen("socle_owner", write).await.expect_err("refused");
        assert!(refused.contains("row-level security"), "{refused}");
    }
    let denied = seen("socle_desk_system", "delete from socle_desk.note").await;
    assert!(denied.expect_err("refused").contains("permission denied"));
    let walk = "select from socle_desk.note";
    assert_eq!(seen("socle_owner", walk).await, Ok(NOTES.unsigned_abs()), "only the one tenant's");
}
