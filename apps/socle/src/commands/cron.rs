//! `socle cron`: what is done again and again.

use serde::Serialize;
use socle_jobs::{CronEntry, Desk, EVERY_TENANT, JobId};
use socle_kernel::{TenantId, Timestamp};

use crate::{
    answer::Answer,
    cli::CronCommand,
    clock,
    failure::{Exit, Failure},
    operator::operator,
    prompt::socle,
    runtime::{self, Absent, Runtime},
    session,
    settings::Settings,
    table::Table,
};

#[derive(Serialize)]
struct Calendar {
    entries: Vec<Object>,
}

#[derive(Serialize)]
struct Object {
    name: String,
    /// Null for what is done for no tenant in particular.
    tenant: Option<TenantId>,
    expression: String,
    zone: String,
    next_at: Timestamp,
    last_at: Option<Timestamp>,
    last_job: Option<JobId>,
    paused_at: Option<Timestamp>,
    paused_by: Option<String>,
}

#[derive(Serialize)]
struct Decided<'a> {
    done: &'a str,
    name: &'a str,
    entries: usize,
}

/// What is to become of entries.
#[derive(Clone, Copy)]
enum Act {
    Pause,
    Resume,
    RunNow,
}

pub(super) async fn obey(command: CronCommand, settings: &Settings) -> Result<Answer, Failure> {
    runtime::with(settings, Absent::Refuse, async |runtime: &Runtime| {
        let of = session::named(runtime, settings, "socle cron").await?;
        match command {
            CronCommand::List => list(runtime, of).await,
            CronCommand::Pause { name } => act(runtime, of, &name, Act::Pause).await,
            CronCommand::Resume { name } => act(runtime, of, &name, Act::Resume).await,
            CronCommand::RunNow { name } => act(runtime, of, &name, Act::RunNow).await,
        }
    })
    .await
}

/// Every entry of a module's calendar; of one tenant, if there is one.
async fn entries(desk: &Desk, of: Option<TenantId>) -> Result<Vec<CronEntry>, Failure> {
    let mut all: Vec<CronEntry> = Vec::new();
    loop {
        let behind = all.last().map(|it| (it.name.clone(), it.tenant));
        let page = desk.crons(behind.as_ref().map(|it| (it.0.as_str(), it.1))).await?;
        if page.is_empty() {
            all.retain(|it| of.is_none_or(|of| it.tenant == of));
            return Ok(all);
        }
        all.extend(page);
    }
}

async fn list(runtime: &Runtime, of: Option<TenantId>) -> Result<Answer, Failure> {
    let mut found = Vec::new();
    for (_, desk) in runtime.job_desks() {
        found.extend(entries(&desk, of).await?.into_iter().map(Object::from));
    }
    let mut table = Table::new(&["NAME", "TENANT", "AT", "ZONE", "NEXT", "LAST", "PAUSED BY"]);
    for it in &found {
        let tenant = it.tenant.map_or_else(|| "-".to_owned(), |it| it.to_string());
        let last = it.last_at.map_or_else(|| "never".to_owned(), |it| it.to_string());
        let (at, zone, next) = (it.expression.clone(), it.zone.clone(), it.next_at.to_string());
        let paused = it.paused_by.clone().unwrap_or_default();
        table.row(vec![it.name.clone(), tenant, at, zone, next, last, paused]);
    }
    let empty = || format!("nothing yet; `{}` makes the calendar", socle("serve"));
    let text = if found.is_empty() { empty() } else { table.to_string() };
    Ok(Answer::new(&Calendar { entries: found }, text))
}

async fn act(
    runtime: &Runtime,
    of: Option<TenantId>,
    name: &str,
    act: Act,
) -> Result<Answer, Failure> {
    let (by, now, mut done) = (operator(), clock::now(), 0);
    for (_, desk) in runtime.job_desks() {
        for it in entries(&desk, of).await?.into_iter().filter(|it| it.name == name) {
            let entry = (name, it.tenant);
            let is_there = match act {
                Act::Pause => desk.pause_cron(entry, &by, now).await?,
                Act::Resume => desk.resume_cron(entry).await?,
                Act::RunNow => desk.run_cron_now(entry, &by, now).await?,
            };
            done += usize::from(is_there);
        }
    }
    if done == 0 {
        let next = format!("`{}` shows them", socle("cron list"));
        return Err(Failure::new(Exit::Missing, format!("no entry is called {name}"), next));
    }
    let (word, text) = match act {
        Act::Pause => ("paused", format!("{done} of {name} will wait until resumed")),
        Act::Resume => ("resumed", format!("{done} of {name} go on at their times")),
        Act::RunNow => ("asked", format!("{done} of {name} will be done now")),
    };
    Ok(Answer::new(&Decided { done: word, name, entries: done }, text))
}

impl From<CronEntry> for Object {
    fn from(it: CronEntry) -> Self {
        Self {
            name: it.name,
            tenant: Some(it.tenant).filter(|it| *it != EVERY_TENANT),
            expression: it.expression,
            zone: it.zone,
            next_at: it.next_at,
            last_at: it.last_at,
            last_job: it.last_job,
            paused_at: it.paused_at,
            paused_by: it.paused_by,
        }
    }
}
