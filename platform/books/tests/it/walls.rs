//! Walls between tenants, modules and facts, as PostgreSQL holds them.

use socle_books::{Bounds, Unit};
use socle_db::Module;
use socle_testkit::{TestDatabase, server};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

use crate::{
    shop::{ALICE, BANK, Shop},
    world::{Entrance, MODULE, World, open},
};

const STORE: Module = Module { name: "store", ..MODULE };
const NOT_ALLOWED: &str = "42501";
const FACTS: [&str; 3] = ["entry", "transfer", "lot_move"];

async fn two_modules() -> TestDatabase {
    TestDatabase::of(&[MODULE, STORE]).await
}

/// A session of the program's login.
async fn login(database: &TestDatabase) -> PgConnection {
    let login = server().await.admin(&database.name).username("socle_app");
    PgConnection::connect_with(&login).await.expect("the program logs in")
}

async fn run(session: &mut PgConnection, sql: String) {
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(session).await;
    done.expect("it is allowed");
}

/// The SQLSTATE with which a statement is refused.
async fn denied(session: &mut PgConnection, sql: String) -> String {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.clone())).execute(session).await;
    let error = done.err().unwrap_or_else(|| panic!("it must not be allowed: {sql}"));
    let error = error.into_database_error().expect("the server refuses");
    error.code().expect("with a code").into_owned()
}

#[tokio::test]
async fn every_tenant_table_forces_row_security_and_has_a_policy_for_each_role() {
    let database = two_modules().await;
    let tables = "from pg_class c join pg_namespace n on n.oid = c.relnamespace
                  where n.nspname in ('socle_shop', 'socle_store') and c.relkind in ('r', 'p')
                      and not c.relispartition
                      and exists (select from pg_attribute a
                                  where a.attrelid = c.oid and a.attname = 'tenant_id')";

    let all = database.number(&format!("select count(*) {tables}")).await;
    let forced = format!(
        "select count(*) {tables} and c.relrowsecurity and c.relforcerowsecurity
             and (select count(*) from pg_policy p where p.polrelid = c.oid) = 3"
    );

    assert_eq!(all, 2 * 15, "twelve tables of the books and three of events, twice");
    assert_eq!(database.number(&forced).await, all);
}

#[tokio::test]
async fn the_login_has_no_right_of_its_own() {
    let database = two_modules().await;
    let plain = "select count(*) from pg_roles
                 where rolname in ('socle_app', 'socle_shop', 'socle_shop_system')
                     and not rolsuper and not rolbypassrls and not rolinherit
                     and not rolcreaterole and not rolcreatedb
                     and rolcanlogin = (rolname = 'socle_app')";
    let rights = "select count(*) from pg_class c
                  join pg_namespace n on n.oid = c.relnamespace
                  where n.nspname like 'socle%' and c.relkind in ('r', 'p', 'v', 'm', 'f')
                      and (has_table_privilege('socle_app', c.oid,
                               'select, insert, update, delete, truncate, references, trigger')
                           or has_any_column_privilege('socle_app', c.oid,
                               'select, insert, update, references'))";

    assert_eq!(database.number(plain).await, 3);
    assert_eq!(database.number(rights).await, 0);
    let mut session = login(&database).await;
    for table in FACTS {
        let sql = format!("select from socle_shop.{table}");
        assert_eq!(denied(&mut session, sql).await, NOT_ALLOWED);
    }
    assert_eq!(denied(&mut session, "set role socle_owner".to_owned()).await, NOT_ALLOWED);
}

#[tokio::test]
async fn a_modules_roles_have_no_right_outside_their_schema() {
    let database = two_modules().await;
    let outside = "select count(*) from pg_class c
                   join pg_namespace n on n.oid = c.relnamespace
                   cross join unnest('{socle_shop,socle_shop_system}'::text[]) as role
                   where n.nspname not in ('socle_shop', 'pg_catalog', 'information_schema')
                       and n.nspname not like 'pg_toast%' and c.relkind in ('r', 'p', 'v', 'm')
                       and (has_table_privilege(role, c.oid,
                                'select, insert, update, delete, truncate, references, trigger')
                            or has_any_column_privilege(role, c.oid,
                                'select, insert, update, references'))";
    let create = "select count(*) from pg_namespace n
                  cross join unnest('{socle_shop,socle_shop_system,socle_app}'::text[]) as role
                  where has_schema_privilege(role, n.oid, 'create')
                      or n.nspname = 'socle_store' and has_schema_privilege(role, n.oid, 'usage')";

    assert_eq!(database.number(outside).await, 0);
    assert_eq!(database.number(create).await, 0);
    let mut session = login(&database).await;
    for role in ["socle_shop", "socle_shop_system"] {
        run(&mut session, format!("set role {role}")).await;
        for sql in [
            "select from socle_store.entry",
            "insert into socle_store.journal values (gen_random_uuid(), 1)",
        ] {
            assert_eq!(denied(&mut session, sql.to_owned()).await, NOT_ALLOWED, "{role}");
        }
        let create = "create table socle_shop.mine ()".to_owned();
        assert_eq!(denied(&mut session, create).await, NOT_ALLOWED, "{role}");
    }
}

#[tokio::test]
async fn nobody_but_the_owner_changes_or_takes_back_a_fact() {
    let database = two_modules().await;
    let mut session = login(&database).await;
    for role in ["socle_app", "socle_shop", "socle_shop_system"] {
        let take =
            if role == "socle_app" { "reset role".to_owned() } else { format!("set role {role}") };
        run(&mut session, take).await;
        for table in FACTS {
            for change in [
                format!("update socle_shop.{table} set tenant_id = tenant_id"),
                format!("delete from socle_shop.{table}"),
                format!("truncate socle_shop.{table}"),
                format!("drop table socle_shop.{table}"),
                format!("alter table socle_shop.{table} disable row level security"),
            ] {
                assert_eq!(denied(&mut session, change).await, NOT_ALLOWED, "{role}");
            }
        }
        let balance = "update socle_shop.account set owner = 'me'".to_owned();
        assert_eq!(denied(&mut session, balance).await, NOT_ALLOWED, "{role}");
        let gone = "delete from socle_shop.outbox".to_owned();
        assert_eq!(denied(&mut session, gone).await, NOT_ALLOWED, "{role}");
        let forgotten = "delete from socle_shop.idempotency".to_owned();
        if role == "socle_shop_system" {
            run(&mut session, forgotten).await;
        } else {
            assert_eq!(denied(&mut session, forgotten).await, NOT_ALLOWED, "{role}");
        }
    }
}

#[tokio::test]
async fn a_callers_role_sees_one_tenant_and_writes_for_no_other() {
    let world = World::new().await;
    for tenant in [1, 2] {
        let shop = Shop::new(&world, Entrance::Transaction, tenant);
        shop.opened().await;
        shop.moves(BANK, ALICE, 5).await;
    }
    let mut session = login(&world.database).await;
    run(&mut session, "set role socle_shop".to_owned()).await;

    let unnamed = sqlx::query("select from socle_shop.entry").fetch_all(&mut session).await;
    assert!(unnamed.is_err(), "without a tenant nothing is seen");
    let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
    run(&mut session, format!("set socle.tenant = '{one}'")).await;
    for table in ["account", "transfer", "entry", "rollup", "journal"] {
        let sql = format!("select distinct tenant_id from socle_shop.{table}");
        let seen: Vec<Uuid> = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_all(&mut session)
            .await
            .expect("it may look");
        assert_eq!(seen, [one], "{table}");
    }
    let theirs = format!("insert into socle_shop.journal values ('{two}', 9)");
    assert_eq!(denied(&mut session, theirs).await, NOT_ALLOWED);
    let sql = format!("update socle_shop.journal set number = 9 where tenant_id = '{two}'");
    let touched = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut session).await;
    assert_eq!(touched.expect("it finds nothing").rows_affected(), 0);
}

#[tokio::test]
async fn the_transaction_of_one_tenant_takes_no_unit_of_another() {
    let world = World::new().await;
    let shop = Shop::new(&world, Entrance::Transaction, 1);
    let other = Shop::new(&world, Entrance::Transaction, 2);
    let theirs = Unit::new(&other.cx()).with(open(ALICE, Bounds::NONE));

    let posted = std::panic::AssertUnwindSafe(shop.submit(theirs));
    let caught = futures_util::FutureExt::catch_unwind(posted).await;

    assert!(caught.is_err(), "a unit is posted in its tenant's transaction");
    assert_eq!(world.database.number("select count(*) from socle_shop.account").await, 0);
}
