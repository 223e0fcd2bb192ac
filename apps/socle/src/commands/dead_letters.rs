//! `socle dead-letters`: events and jobs that failed for good, in one view.

use std::collections::BTreeMap;

use serde::Serialize;
use socle_db::Db;
use socle_events::{
    EventId,
    dead_letters::{self, Letter, Picked, State},
};
use socle_jobs::{Dead, Desk, Filter, JobId};
use socle_kernel::{TenantId, Timestamp};

use crate::{
    answer::Answer,
    cli::{DeadLetters, DeadLettersCommand},
    clock,
    failure::{Exit, Failure},
    operator::operator,
    prompt::socle,
    runtime::{self, Absent, Runtime},
    session,
    settings::Settings,
    table::Table,
    text::Text,
};

#[derive(Serialize)]
struct Letters {
    letters: Vec<Object>,
}

/// What events and jobs that failed have in common.
#[derive(Serialize)]
struct Object {
    /// `job_…` or `evt_…`.
    id: String,
    module: &'static str,
    tenant: TenantId,
    /// The group that could not handle the event, or the queue of the job.
    source: String,
    /// The type of the event, or the kind of the job.
    kind: String,
    reason: String,
    attempts: i32,
    causes: Vec<String>,
    failed_at: Timestamp,
}

#[derive(Serialize)]
struct Decided<'a> {
    done: &'a str,
    letters: u64,
}

#[derive(Clone, Copy)]
enum Decision {
    Replay,
    Discard,
}

pub(super) async fn obey(
    command: DeadLettersCommand,
    settings: &Settings,
) -> Result<Answer, Failure> {
    runtime::with(settings, Absent::Refuse, async |runtime: &Runtime| {
        let of = session::named(runtime, settings, "socle dead-letters").await?;
        match command {
            DeadLettersCommand::List => list(runtime, of).await,
            DeadLettersCommand::Show { id } => show(runtime, &id).await,
            DeadLettersCommand::Replay(which) => {
                decide(runtime, of, &which, Decision::Replay).await
            }
            DeadLettersCommand::Discard(which) => {
                decide(runtime, of, &which, Decision::Discard).await
            }
        }
    })
    .await
}

/// All of them, of one tenant if there is one, the oldest first.
async fn all(runtime: &Runtime, of: Option<TenantId>) -> Result<Vec<Object>, Failure> {
    let mut found = Vec::new();
    for (module, db) in runtime.logs() {
        found.extend(of_log(&db, of).await?.into_iter().map(|it| of_event(module, it)));
    }
    for (module, desk) in runtime.job_desks() {
        found.extend(of_desk(&desk, of).await?.into_iter().map(|it| of_job(module, it)));
    }
    found.sort_by_key(|it| it.failed_at);
    Ok(found)
}

async fn of_log(db: &Db, of: Option<TenantId>) -> Result<Vec<Letter>, Failure> {
    let filter = dead_letters::Filter { group: None, tenant: of, state: Some(State::Dead) };
    let mut all: Vec<Letter> = Vec::new();
    loop {
        let after = all.last().map(|it| (it.group.as_str(), it.envelope.id));
        let page = dead_letters::list(db, filter, after, dead_letters::PAGE_MAX).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

async fn of_desk(desk: &Desk, of: Option<TenantId>) -> Result<Vec<Dead>, Failure> {
    let filter = Filter { tenant: of, ..Filter::default() };
    let mut all = Vec::new();
    loop {
        let page = desk.dead(&filter, all.last()).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

async fn list(runtime: &Runtime, of: Option<TenantId>) -> Result<Answer, Failure> {
    let found = all(runtime, of).await?;
    let mut table = Table::new(&["ID", "MODULE", "SOURCE", "KIND", "FAILED", ">TRIES", "WHY"]);
    for it in &found {
        let (id, module, source) = (it.id.clone(), it.module.to_owned(), it.source.clone());
        let (failed, tries) = (it.failed_at.to_string(), it.attempts.to_string());
        table.row(vec![id, module, source, it.kind.clone(), failed, tries, it.reason.clone()]);
    }
    let text = if found.is_empty() { "no dead letters".to_owned() } else { table.to_string() };
    Ok(Answer::new(&Letters { letters: found }, text))
}

async fn show(runtime: &Runtime, id: &str) -> Result<Answer, Failure> {
    let found = all(runtime, None).await?.into_iter().find(|it| it.id == id);
    let it = found.ok_or_else(|| {
        let next = format!("`{}` shows them", socle("dead-letters list"));
        Failure::new(Exit::Missing, format!("there is no dead letter {id}"), next)
    })?;
    let mut text = Text::new();
    text.line(format_args!("{}  {}", it.id, it.kind));
    text.line(format_args!("  of        {} of {}", it.source, it.module));
    text.line(format_args!("  tenant    {}", it.tenant));
    text.line(format_args!("  failed    {}, {} tries: {}", it.failed_at, it.attempts, it.reason));
    it.causes.iter().for_each(|it| text.line(format_args!("    because {it}")));
    let (again, up) = (format!("dead-letters replay {id}"), format!("dead-letters discard {id}"));
    text.line(format_args!("`{}` tries it again, `{}` gives it up", socle(&again), socle(&up)));
    Ok(Answer::new(&it, String::from(text)))
}

async fn decide(
    runtime: &Runtime,
    of: Option<TenantId>,
    which: &DeadLetters,
    decision: Decision,
) -> Result<Answer, Failure> {
    let is_meant = |it: &Object| {
        which.all
            || which.ids.contains(&it.id)
            || which.group.as_ref().is_some_and(|group| *group == it.source)
            || which.kind.as_ref().is_some_and(|kind| *kind == it.kind)
    };
    let meant: Vec<_> = all(runtime, of).await?.into_iter().filter(is_meant).collect();
    if let Some(missing) = which.ids.iter().find(|id| meant.iter().all(|it| it.id != **id)) {
        let next = format!("`{}` shows them", socle("dead-letters list"));
        let why = format!("there is no dead letter {missing}; nothing was done");
        return Err(Failure::new(Exit::Missing, why, next));
    }
    let decided =
        events(runtime, &meant, decision).await? + jobs(runtime, &meant, decision).await?;
    let (done, text) = match decision {
        Decision::Replay => ("replayed", format!("{decided} will be tried again")),
        Decision::Discard => ("discarded", format!("{decided} are given up")),
    };
    Ok(Answer::new(&Decided { done, letters: decided }, text))
}

/// One statement a group, however many letters it has.
async fn events(runtime: &Runtime, meant: &[Object], decision: Decision) -> Result<u64, Failure> {
    let (by, mut decided) = (operator(), 0);
    for (module, db) in runtime.logs() {
        let mut groups: BTreeMap<&str, Vec<EventId>> = BTreeMap::new();
        for it in meant.iter().filter(|it| it.module == module) {
            groups.entry(&it.source).or_default().extend(it.id.parse::<EventId>());
        }
        for (group, ids) in groups.into_iter().filter(|it| !it.1.is_empty()) {
            let picked = Picked::Ids(&ids);
            decided += match decision {
                Decision::Replay => dead_letters::replay(&db, group, picked, &by).await?,
                Decision::Discard => dead_letters::discard(&db, group, picked, &by).await?,
            };
        }
    }
    Ok(decided)
}

async fn jobs(runtime: &Runtime, meant: &[Object], decision: Decision) -> Result<u64, Failure> {
    let (by, now, mut decided) = (operator(), clock::now(), 0);
    for (module, desk) in runtime.job_desks() {
        let of_module = meant.iter().filter(|it| it.module == module);
        let ids: Vec<JobId> = of_module.filter_map(|it| it.id.parse().ok()).collect();
        decided += match decision {
            Decision::Replay => desk.replay(&ids, &by, now).await?.len() as u64,
            Decision::Discard => desk.discard(&ids, &by, now).await?.len() as u64,
        };
    }
    Ok(decided)
}

fn of_event(module: &'static str, it: Letter) -> Object {
    let mut causes = it.last_error.unwrap_or_default();
    let rest = causes.find(": ").map(|at| causes.split_off(at + 2));
    Object {
        id: it.envelope.id.to_string(),
        module,
        tenant: it.envelope.tenant_id,
        source: it.group,
        kind: it.envelope.event_type,
        reason: causes.trim_end_matches(": ").to_owned(),
        attempts: it.attempts,
        causes: rest.into_iter().collect(),
        failed_at: it.moved_at,
    }
}

fn of_job(module: &'static str, it: Dead) -> Object {
    Object {
        id: it.id.to_string(),
        module,
        tenant: it.tenant,
        source: it.queue,
        kind: it.kind,
        reason: it.reason,
        attempts: i32::from(it.attempts),
        causes: it.causes,
        failed_at: it.failed_at,
    }
}
