//! Every statement of the sources: prepared as its role, and planned without a walk through a
//! table of many tenants.

use std::{fs, path::Path};

use socle_testkit::plan;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::world::World;

/// A hundred thousand rows of fifty tenants; some of the deliveries are still to be tried.
const FILL: &str = "
    create temp table place as
        select n, ('00000000-0000-0000-0000-0000000000' || to_char(10 + n % 50, 'FM00'))::uuid
                   as tenant, 'key ' || n % 700 as key
        from generate_series(1, 100000) as n;
    insert into socle_desk.outbox
        (tenant_id, id, type, dataversion, partitionkey, sequence, time, actortype, actorid,
         correlationid, data)
    select tenant, gen_random_uuid(), 'kitchen.dish.served', 1, key, n, now(), 'system', 'test',
           gen_random_uuid(), '{}'
    from place;
    insert into socle_desk.inbox (tenant_id, grp, event_id)
    select tenant, 'group ' || n % 5, gen_random_uuid() from place;
    insert into socle_desk.delivery
        (tenant_id, grp, id, seq, type, dataversion, partitionkey, sequence, time, actortype,
         actorid, correlationid, data, state, next_at, moved_at)
    select tenant, 'group ' || n % 5, gen_random_uuid(), n, 'kitchen.dish.served', 1, key, n, now(),
           'system', 'test', gen_random_uuid(), '{}',
           case n % 50 when 0 then 'retrying' when 1 then 'waiting' when 2 then 'dead'
               when 3 then 'replaying' else 'handled' end,
           now(), now() - n * interval '1 second'
    from place;
    analyze";

/// What nobody may walk through; partitions of the log are called after it.
const TABLES: [&str; 3] = ["outbox_p", "inbox", "delivery"];

/// The texts of constants that name the schema, without what the owner runs.
fn statements() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sql");
    let mut found = Vec::new();
    for file in fs::read_dir(folder).expect("the sources") {
        let source = fs::read_to_string(file.expect("a file").path()).expect("a source");
        let texts = source.split("const ").skip(1).filter_map(|it| it.split_once(": &str = \""));
        let texts = texts.filter_map(|(_, rest)| Some(rest.split_once("\";")?.0.to_owned()));
        found.extend(texts.filter(|it| it.contains("{schema}") && !it.contains("do $do$")));
    }
    found
}

async fn run(session: &mut PgConnection, sql: &str) {
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(session).await;
    done.unwrap_or_else(|error| panic!("{error}: {sql}"));
}

#[tokio::test]
async fn no_statement_walks_through_a_table_of_many_tenants() {
    let world = World::new().await;
    world.database.execute(FILL).await;
    let mut session = world.database.superuser().await;
    // As every session of the program: a walk is left only where there is no other way.
    run(&mut session, "set plan_cache_mode = force_generic_plan; set enable_seqscan = off").await;
    let statements = statements();

    let mut wrong = Vec::new();
    for sql in &statements {
        let role = if sql.contains("$1::uuid is null") { "_system" } else { "" };
        run(&mut session, &format!("set role socle_desk{role}; set socle.tenant = ''")).await;
        let plan = plan(&mut session, &sql.replace("{schema}", "socle_desk")).await;
        let walks =
            |line: &str| TABLES.iter().any(|it| line.contains(&format!("Seq Scan on {it}")));
        if plan.lines().any(walks) {
            wrong.push(format!("{sql}\n{plan}"));
        }
    }

    assert!(25 < statements.len(), "the sources hold the statements: {}", statements.len());
    assert!(wrong.is_empty(), "{} walk:\n{}", wrong.len(), wrong.join("\n\n"));
}
