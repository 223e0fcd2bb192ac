//! `socle jobs`: what is done later, and how it goes.

use serde::Serialize;
use serde_json::value::RawValue;
use socle_jobs::{Cancelled, Filter, JobId, Queue, Seen, State};
use socle_kernel::{Common, TenantId, Timestamp};

use crate::{
    answer::Answer,
    cli::{JobsCommand, JobsFilter},
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
struct Jobs {
    jobs: Vec<Object>,
}

#[derive(Serialize)]
struct Object {
    id: JobId,
    module: &'static str,
    tenant: TenantId,
    kind: String,
    queue: String,
    /// `waiting`, `running`, `dead`, `done`, `cancelled` or `discarded`.
    state: String,
    args: Box<RawValue>,
    enqueued_at: Timestamp,
    enqueued_by: String,
    correlation: String,
    due_at: Option<Timestamp>,
    attempts: i16,
    attempts_max: Option<i16>,
    progress: Option<Progress>,
    failed_at: Option<Timestamp>,
    reason: Option<String>,
    causes: Vec<String>,
    ended_at: Option<Timestamp>,
    /// What a person did with it last.
    acted: Option<Act>,
}

#[derive(Serialize)]
struct Progress {
    done: i64,
    total: i64,
    note: String,
}

#[derive(Serialize)]
struct Act {
    what: String,
    by: Option<String>,
    at: Option<Timestamp>,
}

#[derive(Serialize)]
struct Queues {
    queues: Vec<OfQueue>,
}

#[derive(Serialize)]
struct OfQueue {
    module: &'static str,
    queue: &'static str,
    kind: String,
    state: &'static str,
    jobs: i64,
    oldest: Option<Timestamp>,
    paused_by: Option<String>,
}

#[derive(Serialize)]
struct Decided<'a> {
    done: &'a str,
    what: &'a str,
}

pub(super) async fn obey(command: JobsCommand, settings: &Settings) -> Result<Answer, Failure> {
    runtime::with(settings, Absent::Refuse, async |runtime: &Runtime| match command {
        JobsCommand::List(filter) => list(runtime, settings, filter).await,
        JobsCommand::Show { id } => show(runtime, job_id(&id)?).await,
        JobsCommand::Queues => queues(runtime).await,
        JobsCommand::Pause { queue } => pause(runtime, queue_of(&queue)?).await,
        JobsCommand::Resume { queue } => resume(runtime, queue_of(&queue)?).await,
        JobsCommand::RunNow { id } => run_now(runtime, job_id(&id)?).await,
        JobsCommand::Cancel { id } => cancel(runtime, job_id(&id)?).await,
    })
    .await
}

fn job_id(text: &str) -> Result<JobId, Failure> {
    let next = format!("`{}` shows them", socle("jobs list"));
    text.parse().map_err(|error| Failure::new(Exit::Usage, error, next))
}

fn queue_of(text: &str) -> Result<Queue, Failure> {
    let next = format!("`{}` shows them", socle("jobs queues"));
    text.parse().map_err(|error: socle_jobs::NotAQueue| Failure::new(Exit::Usage, error, next))
}

async fn list(
    runtime: &Runtime,
    settings: &Settings,
    filter: JobsFilter,
) -> Result<Answer, Failure> {
    let state = filter.state.map(|it| {
        let next = "a state is waiting, running, dead, done, cancelled or discarded";
        State::of(&it).ok_or_else(|| Failure::new(Exit::Usage, format!("no state is {it}"), next))
    });
    let filter = Filter {
        tenant: session::named(runtime, settings, "socle jobs").await?,
        queue: filter.queue.as_deref().map(queue_of).transpose()?,
        kind: filter.kind,
        state: state.transpose()?,
    };
    let mut found = Vec::new();
    for (module, desk) in runtime.job_desks() {
        let page = desk.list(&filter, None).await?;
        found.extend(page.into_iter().map(|it| object(module, it)));
    }
    found.sort_by_key(|it| std::cmp::Reverse(it.id));
    let mut table = Table::new(&["ID", "KIND", "QUEUE", "STATE", "DUE", ">TRIES", "WHY"]);
    for it in &found {
        let due = it.due_at.or(it.ended_at).map_or_else(String::new, |it| it.to_string());
        let why = it.reason.clone().unwrap_or_default();
        let (kind, queue, state) = (it.kind.clone(), it.queue.clone(), it.state.clone());
        table.row(vec![it.id.to_string(), kind, queue, state, due, it.attempts.to_string(), why]);
    }
    let text = if found.is_empty() { "no jobs".to_owned() } else { table.to_string() };
    Ok(Answer::new(&Jobs { jobs: found }, text))
}

/// The job, and the module that has it.
async fn find(runtime: &Runtime, id: JobId) -> Result<(&'static str, Seen), Failure> {
    for (module, desk) in runtime.job_desks() {
        match desk.find(id).await {
            Ok(found) => return Ok((module, found)),
            Err(Common::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(not_there(id))
}

fn not_there(id: JobId) -> Failure {
    let next = format!("`{}`; what has ended is forgotten after a day", socle("jobs list"));
    Failure::new(Exit::Missing, format!("there is no {id}"), next)
}

async fn show(runtime: &Runtime, id: JobId) -> Result<Answer, Failure> {
    let (module, found) = find(runtime, id).await?;
    let it = object(module, found);
    let mut text = Text::new();
    text.line(format_args!("{}  {}  {}", it.id, it.kind, it.state));
    text.line(format_args!("  with      {}", it.args));
    text.line(format_args!("  since     {} by {}", it.enqueued_at, it.enqueued_by));
    if let Some(due) = it.due_at {
        text.line(format_args!("  due       {due} in {}", it.queue));
    }
    if let Some(progress) = &it.progress {
        let Progress { done, total, note } = progress;
        text.line(format_args!("  progress  {done} of {total} {note}"));
    }
    if let (Some(at), Some(reason)) = (it.failed_at, &it.reason) {
        text.line(format_args!("  failed    {at}, {} tries: {reason}", it.attempts));
        it.causes.iter().for_each(|it| text.line(format_args!("    because {it}")));
    }
    if let Some(act) = &it.acted {
        let by = act.by.as_deref().unwrap_or("somebody");
        text.line(format_args!("  {} by {by}", act.what));
    }
    Ok(Answer::new(&it, String::from(text)))
}

fn object(module: &'static str, it: Seen) -> Object {
    let progress = it.done.zip(it.total).map(|(done, total)| {
        let note = it.note.clone().unwrap_or_default();
        Progress { done, total, note }
    });
    let null = || RawValue::from_string("null".to_owned()).expect("null is JSON");
    Object {
        id: it.id,
        module,
        tenant: it.tenant,
        kind: it.kind,
        queue: it.queue,
        state: it.state,
        args: RawValue::from_string(it.args).unwrap_or_else(|_| null()),
        enqueued_at: it.enqueued_at,
        enqueued_by: format!("{} {}", it.actortype, it.actorid),
        correlation: it.correlationid.to_string(),
        due_at: it.run_at,
        attempts: it.attempt,
        attempts_max: it.attempts_max,
        progress,
        failed_at: it.failed_at,
        reason: it.reason,
        causes: it.causes,
        ended_at: it.ended_at,
        acted: it.act.map(|what| Act { what, by: it.act_by, at: it.act_at }),
    }
}

async fn queues(runtime: &Runtime) -> Result<Answer, Failure> {
    let mut found = Vec::new();
    for (module, desk) in runtime.job_desks() {
        let mut paused = desk.paused().await?;
        for it in desk.depths(clock::now()).await? {
            let paused_by = paused.remove(&it.queue).map(|it| it.paused_by);
            let (queue, state) = (it.queue.name(), it.state.name());
            let (jobs, oldest) = (it.jobs, it.oldest);
            found.push(OfQueue { module, queue, kind: it.kind, state, jobs, oldest, paused_by });
        }
        for (queue, pause) in paused {
            let (queue, kind, paused_by) = (queue.name(), "-".to_owned(), Some(pause.paused_by));
            let (state, jobs, oldest) = (State::Waiting.name(), 0, None);
            found.push(OfQueue { module, queue, kind, state, jobs, oldest, paused_by });
        }
    }
    let mut table =
        Table::new(&["MODULE", "QUEUE", "KIND", "STATE", ">JOBS", "OLDEST", "PAUSED BY"]);
    for it in &found {
        let (module, queue, state) =
            (it.module.to_owned(), it.queue.to_owned(), it.state.to_owned());
        let oldest = it.oldest.map_or_else(String::new, |it| it.to_string());
        let paused = it.paused_by.clone().unwrap_or_default();
        table.row(vec![module, queue, it.kind.clone(), state, it.jobs.to_string(), oldest, paused]);
    }
    let text = if found.is_empty() { "every queue is empty".to_owned() } else { table.to_string() };
    Ok(Answer::new(&Queues { queues: found }, text))
}

async fn pause(runtime: &Runtime, queue: Queue) -> Result<Answer, Failure> {
    for (_, desk) in runtime.job_desks() {
        desk.pause(queue, &operator(), clock::now()).await?;
    }
    let next = socle(&format!("jobs resume {queue}"));
    Ok(told("paused", queue.name(), format!("{queue} is paused; `{next}` lets it go on")))
}

async fn resume(runtime: &Runtime, queue: Queue) -> Result<Answer, Failure> {
    for (_, desk) in runtime.job_desks() {
        desk.resume(queue).await?;
    }
    Ok(told("resumed", queue.name(), format!("{queue} goes on")))
}

async fn run_now(runtime: &Runtime, id: JobId) -> Result<Answer, Failure> {
    for (_, desk) in runtime.job_desks() {
        if desk.run_now(id, &operator(), clock::now()).await? {
            return Ok(told("due", &id.to_string(), format!("{id} is due now")));
        }
    }
    let (_, found) = find(runtime, id).await?;
    let why = format!("{id} is {}, and does not wait for its time", found.state);
    Err(Failure::new(Exit::Bad, why, format!("`{}`", socle(&format!("jobs show {id}")))))
}

async fn cancel(runtime: &Runtime, id: JobId) -> Result<Answer, Failure> {
    for (_, desk) in runtime.job_desks() {
        match desk.cancel(id, &operator(), clock::now()).await? {
            Cancelled::Ended => {
                return Ok(told("cancelled", &id.to_string(), format!("{id} will not be done")));
            }
            Cancelled::Asked => {
                let text = format!("{id} runs, and has been asked to end");
                return Ok(told("asked", &id.to_string(), text));
            }
            Cancelled::NotThere => {}
        }
    }
    let (_, found) = find(runtime, id).await?;
    let why = format!("{id} is {} already", found.state);
    Err(Failure::new(Exit::Bad, why, format!("`{}`", socle(&format!("jobs show {id}")))))
}

fn told(done: &str, what: &str, text: String) -> Answer {
    Answer::new(&Decided { done, what }, text)
}
