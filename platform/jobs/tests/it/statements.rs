//! Every statement of jobs, prepared as each role that runs it, and planned without a sequential
//! scan over a hundred thousand jobs of fifty tenants.

use std::{fs, path::Path};

use socle_testkit::server;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::world::World;

/// Those that a caller's transaction runs; all are run by those who serve every tenant.
const OF_CALLERS: [&str; 2] = ["END", "ENQUEUE"];

const FILL: &str = "
    create function pg_temp.id(kind text, n bigint) returns uuid language sql immutable
        return md5(kind || n)::uuid;
    create temp table place as
        select pg_temp.id('t', n % 50) as tenant, n, pg_temp.id('j', n) as id,
               timestamptz '2029-01-01' + n * interval '1 second' as time
        from generate_series(0, 99999) as n;
    insert into socle_post.job
        (tenant_id, id, kind, queue, args, enqueued_at, actortype, actorid, correlationid)
        select tenant, id, 'post.send-letter', 'default', '{}', time, 'person', 'me', id from place;
    insert into socle_post.job_run
        (tenant_id, id, kind, queue, unique_key, state, run_at, attempts_max, worker, failed_at)
        select tenant, id, 'post.send-letter', 'default', 'k' || n,
               case n % 100 when 0 then 'running' when 1 then 'dead' else 'waiting' end, time, 3,
               case n % 100 when 0 then pg_temp.id('w', n % 7) end, time
        from place;
    insert into socle_post.job_end (tenant_id, id, ended_at, outcome, attempt)
        select tenant, pg_temp.id('e', n), time, 'done', 1 from place;
    insert into socle_post.job_worker (id, leased_until)
        select pg_temp.id('w', n), now() + interval '1 hour' from place where n < 1000;
    insert into socle_post.job_cron (name, tenant_id, zone, expression, next_at)
        select 'entry' || n % 5, pg_temp.id('t', n), 'UTC', '* * * * *', time
        from place where n < 10000;
    insert into socle_post.job_fire
        select 'entry' || n % 5, tenant, time, id from place where n < 50000;
    analyze";

/// Every statement in the sources, with its name.
fn statements() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sql");
    let mut found = Vec::new();
    for it in fs::read_dir(folder).expect("the sources are there") {
        let source = fs::read_to_string(it.expect("a file").path()).expect("a source");
        for part in source.split("const ").skip(1) {
            let Some((name, rest)) = part.split_once(": &str = \"") else { continue };
            let text = rest.split('"').next().expect("it is closed");
            found.push((name.to_owned(), text.replace("{schema}", "socle_post")));
        }
    }
    found
}

async fn plan(session: &mut PgConnection, role: &str, sql: &str) -> Vec<String> {
    let count = (1..99).take_while(|n| sql.contains(&format!("${n}"))).count();
    let nulls = vec!["null"; count].join(", ");
    let prepare = format!(
        "reset role; deallocate all; set role {role}; set plan_cache_mode = force_generic_plan;
         set socle.tenant = '00000000-0000-0000-0000-000000000001'; prepare it as {sql}"
    );
    let prepared = sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut *session).await;
    prepared.unwrap_or_else(|error| panic!("{error}: {sql}"));
    let explain = format!("explain execute it ({nulls})");
    let lines = sqlx::query_scalar::<_, String>(AssertSqlSafe(explain)).persistent(false);
    lines.fetch_all(session).await.expect("it is planned")
}

#[tokio::test]
async fn no_statement_scans_a_table_of_jobs() {
    let world = World::new().await;
    world.database.execute(FILL).await;
    let login = server().await.admin(&world.database.name).username("socle_app");
    let mut session = PgConnection::connect_with(&login).await.expect("the program logs in");
    let all = statements();

    assert!(25 <= all.len(), "the sources hold the statements: {}", all.len());
    let mut wrong = Vec::new();
    for (name, sql) in &all {
        let mut roles = vec!["socle_post_system"];
        roles.extend(OF_CALLERS.contains(&name.as_str()).then_some("socle_post"));
        for role in roles {
            let plan = plan(&mut session, role, sql).await.join("\n");
            // There are a handful of workers and of paused queues.
            let few = ["job_pause", "job_worker"].map(|it| format!("Seq Scan on {it}"));
            let plan = few.iter().fold(plan, |plan, it| plan.replace(it, ""));
            if plan.contains("Seq Scan on job") {
                wrong.push(format!("{name} as {role}\n{plan}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} scan:\n{}", wrong.len(), wrong.join("\n\n"));
}

#[tokio::test]
async fn taking_jobs_begins_behind_what_was_taken_before() {
    let world = World::new().await;
    world.database.execute(FILL).await;
    let login = server().await.admin(&world.database.name).username("socle_app");
    let mut session = PgConnection::connect_with(&login).await.expect("the program logs in");
    let all = statements();
    let (_, take) = all.iter().find(|it| it.0 == "TAKE").expect("jobs are taken");

    let plan = plan(&mut session, "socle_post_system", take).await.join("\n");

    let bound = "ROW(run_at, id) > ROW(it.run_at, it.id)";
    let condition = plan.lines().find(|it| it.contains("Index Cond") && it.contains(bound));
    assert!(condition.is_some(), "{plan}");
    assert!(plan.contains("job_run_due"), "{plan}");
}
