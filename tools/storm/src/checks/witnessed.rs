//! Each event was heard once and in the order of its key, each job was done once, and nothing that
//! the calendar asks for was done twice for one time.

use sqlx::{AssertSqlSafe, PgConnection};
use tokio::time::{Instant, sleep};

use super::Finding;
use crate::{
    Failed,
    faults::end_leases,
    world::{LOOK, PATIENCE, World},
};

/// The most that is told of one question.
const TOLD_MAX: usize = 5;

/// What is still to be done: nothing, once all is quiet.
const OPEN: &str = "
    select (select count(*) from socle_ledger.outbox o
            where o.type = any (select unnest(types) from socle_ledger.outbox_group)
                and not exists (select from socle_storm.heard h where h.event_id = o.id))
           + (select count(*) from socle_storm.job_run where state <> 'dead')";

/// What there was to look at.
const WITNESSED: &str = "
    select (select count(*) from socle_storm.heard),
           (select count(*) from socle_storm.echo) + (select count(*) from socle_storm.tick)";

/// What must not be, and the question whose answers tell it.
const QUESTIONS: [(&str, &str); 9] = [
    (
        "was never heard",
        "select o.id::text from socle_ledger.outbox o
         where o.type = any (select unnest(types) from socle_ledger.outbox_group)
             and not exists (select from socle_storm.heard h where h.event_id = o.id)",
    ),
    (
        "was heard more than once",
        "select event_id::text from socle_storm.heard group by event_id having 1 < count(*)",
    ),
    (
        "was heard and never told",
        "select event_id::text from socle_storm.heard h
         where not exists (select from socle_ledger.outbox o where o.id = h.event_id)",
    ),
    (
        "was heard after a later one of its key",
        "select event_id::text from (
             select event_id, sequence, max(sequence) over (
                 partition by tenant_id, partitionkey order by place
                 rows between unbounded preceding and 1 preceding) as before
             from socle_storm.heard) as it
         where sequence <= before",
    ),
    (
        "is a dead letter",
        "select id::text from socle_storm.delivery where state <> 'handled'
         union all select id::text from socle_storm.job_run",
    ),
    (
        "was heard and has not one echo",
        "select h.event_id::text from (select distinct event_id from socle_storm.heard) as h
         left join socle_storm.echo e using (event_id)
         group by h.event_id having count(e.job_id) <> 1",
    ),
    (
        "was done more or less often than asked for",
        "select id::text from socle_storm.job j
         left join (select job_id from socle_storm.echo
                    union all select job_id from socle_storm.tick) as d on d.job_id = j.id
         group by id having count(d.job_id) <> 1",
    ),
    (
        "was asked for by the calendar twice for one time",
        "select job_id::text from socle_storm.tick
         except select job_id::text from socle_storm.job_fire",
    ),
    (
        "is a time of the calendar that had no job",
        "select job_id::text from socle_storm.job_fire
         except select id::text from socle_storm.job",
    ),
];

/// How many events were heard, and how many jobs done.
pub(super) async fn count(world: &World) -> Result<(i64, i64), Failed> {
    let mut session = world.postgres.session().await?;
    Ok(sqlx::query_as(WITNESSED).fetch_one(&mut session).await?)
}

/// Waits until nothing is left to do, and asks.
pub(super) async fn check(world: &World) -> Result<Vec<Finding>, Failed> {
    end_leases(world).await;
    let mut session = world.postgres.session().await?;
    let mut findings = Vec::new();
    if let Some(open) = until_quiet(&mut session).await? {
        let says = format!("{open} events and jobs were left after {} s", PATIENCE.as_secs());
        findings.push(Finding::new("witness", says));
    }
    for (what, question) in QUESTIONS {
        let ids: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(question)).fetch_all(&mut session).await?;
        if !ids.is_empty() {
            let some = &ids[..ids.len().min(TOLD_MAX)];
            findings.push(Finding::new("witness", format!("{} {what}: {some:?} …", ids.len())));
        }
    }
    Ok(findings)
}

/// What is left when patience is over.
async fn until_quiet(session: &mut PgConnection) -> Result<Option<i64>, Failed> {
    let give_up = Instant::now() + PATIENCE;
    loop {
        let open: i64 = sqlx::query_scalar(AssertSqlSafe(OPEN)).fetch_one(&mut *session).await?;
        if open == 0 {
            return Ok(None);
        }
        if give_up < Instant::now() {
            return Ok(Some(open));
        }
        sleep(LOOK).await;
    }
}
