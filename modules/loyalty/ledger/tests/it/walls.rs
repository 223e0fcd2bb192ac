//! What a tenant cannot see or do, even if a statement forgets to ask for one tenant only.

use socle_kernel::Cx;
use socle_testkit::{elsewhere, server};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::world::{ALICE, World, rules};

/// The tables whose rows belong to a tenant, of the books and of the module.
const TABLES: i64 = 25;

/// A session of the program's login that has taken a role.
async fn session(world: &World, role: &str, cx: &Cx) -> PgConnection {
    let login = server().await.admin(&world.database.name).username("socle_app");
    let mut session = PgConnection::connect_with(&login).await.expect("the program logs in");
    let tenant = cx.tenant.uuid();
    let take = format!("set role {role}; set socle.tenant = '{tenant}'");
    sqlx::raw_sql(AssertSqlSafe(take)).execute(&mut session).await.expect("the role is taken");
    session
}

/// The message with which the server refuses a statement.
async fn refusal(session: &mut PgConnection, sql: &str) -> String {
    match sqlx::raw_sql(AssertSqlSafe(sql)).execute(session).await {
        Err(sqlx::Error::Database(refused)) => refused.message().to_owned(),
        other => panic!("{sql} should be refused: {other:?}"),
    }
}

async fn names(session: &mut PgConnection, column: &str, table: &str) -> Vec<String> {
    let sql = format!("select {column} from socle_ledger.{table} order by 1");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(session).await.expect("names")
}

/// One programme and one purchase here, and one of each elsewhere.
async fn two_tenants() -> (World, Cx) {
    let world = World::new().await;
    let there = elsewhere(&world.cx);
    world.bought(ALICE, "2029-06-15", "29.33").await;
    let theirs = world.ledger.define_programme(&there, rules("Theirs")).await.expect("made");
    let purchase = world.purchase("their-customer", "2029-06-15", "10.00");
    world.ledger.earn(&there, &theirs, purchase).await.expect("points are given");
    (world, there)
}

#[tokio::test]
async fn every_table_forces_row_security_and_has_a_policy_for_each_role() {
    let world = World::new().await;
    let tables = "from pg_class c join pg_namespace n on n.oid = c.relnamespace
                  where n.nspname = 'socle_ledger' and c.relkind in ('r', 'p')
                      and not c.relispartition and exists (
                          select from pg_attribute a where a.attrelid = c.oid
                              and a.attname = 'tenant_id' and a.attnotnull)";
    // The calendar is no tenant's to see.
    let forced = "and c.relrowsecurity and c.relforcerowsecurity
        and (select count(*) from pg_policy p where p.polrelid = c.oid)
            = case when c.relname in ('job_cron', 'job_fire') then 2 else 3 end";

    let all = world.database.number(&format!("select count(*) {tables}")).await;
    let forced = world.database.number(&format!("select count(*) {tables} {forced}")).await;

    assert_eq!((all, forced), (TABLES, TABLES));
}

#[tokio::test]
async fn the_raw_role_reads_and_writes_one_tenant() {
    let (world, there) = two_tenants().await;
    let mut ours = session(&world, "socle_ledger", &world.cx).await;
    let mut theirs = session(&world, "socle_ledger", &there).await;
    let mut all = session(&world, "socle_ledger_system", &world.cx).await;

    assert_eq!(names(&mut ours, "name", "programme").await, ["Points"]);
    assert_eq!(names(&mut theirs, "name", "programme").await, ["Theirs"]);
    assert_eq!(names(&mut all, "name", "programme").await, ["Points", "Theirs"]);
    assert_eq!(names(&mut ours, "customer", "purchase").await, [ALICE]);
    assert_eq!(names(&mut theirs, "customer", "purchase").await, ["their-customer"]);
    assert_eq!(names(&mut all, "customer", "purchase").await, [ALICE, "their-customer"]);
    let smuggled = format!(
        "insert into socle_ledger.programme values ('{}', gen_random_uuid(), 'Smuggled', 'USD', 1,
             1, 'down', 0, 12, 0, now())",
        there.tenant.uuid()
    );
    let refused = refusal(&mut ours, &smuggled).await;
    assert!(refused.contains("violates row-level security policy"), "{refused}");
    let touched = "update socle_ledger.purchase set refunded = 1 where customer = 'their-customer'";
    let touched = sqlx::raw_sql(touched).execute(&mut ours).await.expect("it finds nothing");
    assert_eq!(touched.rows_affected(), 0);
}

#[tokio::test]
async fn without_a_tenant_nothing_is_seen() {
    let (world, _) = two_tenants().await;
    let mut session = session(&world, "socle_ledger", &world.cx).await;
    sqlx::raw_sql("set socle.tenant = ''").execute(&mut session).await.expect("it is unset");

    for table in ["programme", "purchase", "account", "entry"] {
        let refused = refusal(&mut session, &format!("select from socle_ledger.{table}")).await;
        assert!(refused.contains("invalid input syntax for type uuid"), "{table}: {refused}");
    }
}

#[tokio::test]
async fn the_roles_have_no_more_rights_than_they_need() {
    let (world, _) = two_tenants().await;

    for role in ["socle_ledger", "socle_ledger_system"] {
        let mut session = session(&world, role, &world.cx).await;
        for denied in [
            "update socle_ledger.programme set points = 100",
            "delete from socle_ledger.programme",
            "update socle_ledger.purchase set amount = 1",
            "update socle_ledger.purchase set points = 1",
            "delete from socle_ledger.purchase",
            "truncate socle_ledger.purchase",
            "update socle_ledger.entry set amount = 1",
            "delete from socle_ledger.entry",
            "delete from socle_ledger.transfer",
            "update socle_ledger.outbox set type = 'x'",
            "delete from socle_ledger.outbox",
            "create table socle_ledger.mine (id int)",
            "set role socle_owner",
        ] {
            let refused = refusal(&mut session, denied).await;
            assert!(refused.contains("permission denied"), "{role}: {denied}: {refused}");
        }
    }
    let mut session = session(&world, "socle_ledger", &world.cx).await;
    let refused = refusal(&mut session, "select from socle_ledger.outbox").await;
    assert!(refused.contains("permission denied"), "{refused}");
}
