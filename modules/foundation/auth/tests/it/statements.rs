//! Every statement of the module: prepared as its role, and never a walk through a table.

use std::{fs, path::Path};

use socle_testkit::plan;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::world::World;

/// Rows as in production: each tenant has its share, and the planner knows.
const FILL: &str = "
    insert into socle_auth.tenant (id, handle, name, created_at, is_suspended, leaves_at)
    select ('ffff000000000000000000000000' || to_char(n, 'FM0000'))::uuid, 'tenant-' || n,
           'Tenant ' || n, now(), false, case when n % 50 = 0 then now() end
    from generate_series(1, 5000) as n;
    insert into socle_auth.api_key
        (tenant_id, id, app_id, name, prefix, hash, scopes, limit_per_minute, created_by,
         created_at)
    select ('ffff000000000000000000000000' || to_char(n % 50 + 1, 'FM0000'))::uuid,
           gen_random_uuid(), gen_random_uuid(), 'Key ' || n, 'sk_' || n, sha256(n::text::bytea),
           '{ledger:read}', 600, 'test', now()
    from generate_series(1, 100000) as n;
    analyze socle_auth.tenant; analyze socle_auth.api_key";

async fn run(session: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(session).await.expect("the server obeys");
}

#[tokio::test]
async fn every_statement_is_prepared_as_the_module_s_role_and_finds_its_rows_by_a_key() {
    let world = World::new().await;
    world.database.execute(FILL).await;
    let mut session = world.database.superuser().await;
    let tenant = world.cx.tenant.uuid();
    let role = "set plan_cache_mode = force_generic_plan; set role socle_auth";
    run(&mut session, &format!("{role}; set socle.tenant = '{tenant}'")).await;

    for sql in socle_auth::statements() {
        let names_tenant = sql.contains("$1") && sql.contains("tenant_id");
        assert!(names_tenant || !sql.contains("api_key"), "{sql}");
        let plan = plan(&mut session, sql).await;

        let is_insert = sql.trim_start().starts_with("insert");
        assert!(is_insert || plan.contains("Index"), "{sql}\n{plan}");
        assert!(!plan.contains("Seq Scan"), "{sql}\n{plan}");
    }

    run(&mut session, "set role socle_auth_system").await;
    let walk = "select from socle_auth.api_key where app_id = $1";
    let walk = plan(&mut session, walk).await;
    assert!(walk.contains("Seq Scan"), "a walk would be seen: {walk}");
}

#[test]
fn no_statement_is_left_out() {
    let store = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut written = 0;
    for file in fs::read_dir(store).expect("the store").map(|it| it.expect("a file").path()) {
        let text = fs::read_to_string(&file).expect("a file of the store");
        written +=
            text.lines().filter(|it| it.contains("const ") && it.contains(": &str =")).count();
    }

    assert_eq!(socle_auth::statements().count(), written);
}
