//! Every statement of the module: prepared as its role, and never a walk through a tenant's table.

use std::{fs, path::Path};

use socle_testkit::plan;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::world::World;

const TENANTS: i64 = 50;

/// Rows as in production: each tenant has its share, and the planner knows.
const FILL: &str = "
    insert into socle_ledger.programme
        (tenant_id, id, name, currency, points, per_units, rounding, minimum, life_months, worth,
         created_at)
    select ('0000000000000000000000000000' || to_char(n % 50, 'FM0000'))::uuid,
           gen_random_uuid(), 'Programme ' || n, 'USD', 1, 1, 'down', 0, 12, 1000, now()
    from generate_series(1, 10000) as n;
    insert into socle_ledger.purchase
        (tenant_id, id, programme_id, customer, transaction_id, effective_at, amount, points,
         refunded, refunded_points)
    select ('0000000000000000000000000000' || to_char(n % 50, 'FM0000'))::uuid,
           gen_random_uuid(), gen_random_uuid(), 'customer ' || n % 1000, gen_random_uuid(),
           now(), 2933, 29, 0, 0
    from generate_series(1, 100000) as n;
    insert into socle_ledger.verification (tenant_id, id, state, asked_at)
    select ('0000000000000000000000000000' || to_char(n % 50, 'FM0000'))::uuid,
           gen_random_uuid(), case n % 100 when 0 then 'waiting' else 'failed' end,
           now() - n * interval '1 hour'
    from generate_series(1, 10000) as n;
    insert into socle_ledger.expiry_notice (tenant_id, account_id, day, announced_at, points)
    select ('0000000000000000000000000000' || to_char(n % 50, 'FM0000'))::uuid,
           gen_random_uuid(), '2029-01-01'::date + n / 100, now(), 7
    from generate_series(1, 100000) as n;
    insert into socle_ledger.lot
    select ('0000000000000000000000000000' || to_char(n % 50, 'FM0000'))::uuid,
           gen_random_uuid(), 1, gen_random_uuid(), 10, 10, 0, now(),
           now() + n * interval '5 minutes'
    from generate_series(1, 100000) as n;
    analyze socle_ledger.programme; analyze socle_ledger.purchase;
    analyze socle_ledger.verification; analyze socle_ledger.expiry_notice;
    analyze socle_ledger.lot";

async fn run(session: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(session).await.expect("the server obeys");
}

#[tokio::test]
async fn every_statement_is_prepared_as_the_module_s_role_and_finds_its_rows_by_a_key() {
    let world = World::new().await;
    world.database.execute(FILL).await;
    let tenants = "select count(distinct tenant_id) from socle_ledger.purchase";
    assert_eq!(world.database.number(tenants).await, TENANTS);
    let mut session = world.database.superuser().await;
    let tenant = world.cx.tenant.uuid();
    let role = "set plan_cache_mode = force_generic_plan; set role socle_ledger";
    run(&mut session, &format!("{role}; set socle.tenant = '{tenant}'")).await;

    for sql in socle_ledger::statements() {
        assert!(sql.contains("$1") && sql.contains("tenant_id"), "{sql}");
        let plan = plan(&mut session, sql).await;

        let is_insert = sql.trim_start().starts_with("insert");
        assert!(is_insert || plan.contains("Index"), "{sql}\n{plan}");
        assert!(!plan.contains("Seq Scan"), "{sql}\n{plan}");
    }

    run(&mut session, "set role socle_ledger_system").await;
    let walk = plan(&mut session, "select from socle_ledger.purchase where customer = $2").await;
    assert!(walk.contains("Seq Scan"), "a walk would be seen: {walk}");
}

#[test]
fn no_statement_is_left_out() {
    let store = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut written = 0;
    let files = fs::read_dir(store).expect("the store").map(|it| it.expect("a file").path());
    // What verifies walks over whole tables on purpose, in the system role; `damage.rs` runs it.
    for file in files.filter(|it| it.is_file() && !it.ends_with("verify.rs")) {
        let text = fs::read_to_string(&file).expect("a file of the store");
        written +=
            text.lines().filter(|it| it.contains("const ") && it.contains(": &str =")).count();
    }

    assert_eq!(socle_ledger::statements().count(), written);
}
