//! `socle events`: who reads what was published, and what is published now.

use std::time::Duration;

use serde::Serialize;
use serde_json::value::RawValue;
use socle_events::{
    Envelope, EventId, Start, dead_letters,
    groups::{self, Standing},
    tail,
};
use socle_kernel::{Revision, TenantId, Timestamp};
use tokio::{select, time::sleep};

use crate::{
    answer::{self, Answer},
    cli::{EventsCommand, Tail},
    failure::{Exit, Failure},
    operator::operator,
    prompt::socle,
    runtime::{self, Absent, Runtime},
    session,
    settings::Settings,
    table::Table,
};

/// How long it waits before it looks again; other processes ring no bell here.
const LOOKING: Duration = Duration::from_millis(200);

#[derive(Serialize)]
struct Groups {
    groups: Vec<OfGroup>,
}

#[derive(Serialize)]
struct OfGroup {
    group: String,
    partition: i16,
    /// Whose events it reads.
    producer: &'static str,
    /// Who handles them.
    consumer: String,
    /// Events that it has not seen yet.
    lag: i64,
    oldest_at: Option<Timestamp>,
    /// Whether a process works for it at this moment.
    is_owned: bool,
    seen_at: Timestamp,
    /// Deliveries that are tried again, and those behind them in their keys.
    parked: i64,
    dead: i64,
}

#[derive(Serialize)]
struct Event {
    id: EventId,
    r#type: String,
    source: String,
    time: Timestamp,
    tenantid: TenantId,
    partitionkey: String,
    sequence: Revision,
    actortype: String,
    actorid: String,
    correlationid: String,
    causationid: Option<String>,
    dataversion: i16,
    data: Box<RawValue>,
}

#[derive(Serialize)]
struct Told {
    events: u64,
}

#[derive(Serialize)]
struct Forgotten<'a> {
    forgotten: &'a str,
}

pub(super) async fn obey(command: EventsCommand, settings: &Settings) -> Result<Answer, Failure> {
    runtime::with(settings, Absent::Refuse, async |runtime: &Runtime| match command {
        EventsCommand::Groups => list(runtime).await,
        EventsCommand::Tail(how) => follow(runtime, settings, &how).await,
        EventsCommand::Forget { group } => forget(runtime, &group).await,
    })
    .await
}

async fn list(runtime: &Runtime) -> Result<Answer, Failure> {
    let (mut found, mut counts) = (Vec::new(), Vec::new());
    for (_, db) in runtime.logs() {
        counts.extend(dead_letters::count(&db).await?);
    }
    for (producer, db) in runtime.logs() {
        for it in groups::list(&db).await? {
            let failed = counts.iter().find(|of| of.group == it.group);
            let (parked, dead) = failed.map_or((0, 0), |it| (it.parked, it.dead));
            found.push(group(producer, it, (parked, dead)));
        }
    }
    let headings = ["GROUP", "PART", "READS", "FOR", ">LAG", "OLDEST", "OWNED", ">PARKED", ">DEAD"];
    let mut table = Table::new(&headings);
    for it in &found {
        let oldest = it.oldest_at.map_or_else(String::new, |it| it.to_string());
        let owned = if it.is_owned { "yes" } else { "no" };
        table.row(vec![
            it.group.clone(),
            it.partition.to_string(),
            it.producer.to_owned(),
            it.consumer.clone(),
            it.lag.to_string(),
            oldest,
            owned.to_owned(),
            it.parked.to_string(),
            it.dead.to_string(),
        ]);
    }
    let text = if found.is_empty() { "nobody reads yet".to_owned() } else { table.to_string() };
    Ok(Answer::new(&Groups { groups: found }, text))
}

fn group(producer: &'static str, it: Standing, (parked, dead): (i64, i64)) -> OfGroup {
    OfGroup {
        group: it.group,
        partition: it.partition,
        producer,
        consumer: it.consumer,
        lag: it.lag_rows,
        oldest_at: it.oldest_at,
        is_owned: it.is_held,
        seen_at: it.seen_at,
        parked,
        dead,
    }
}

/// One line an event, as a `CloudEvent` in JSON, until it is interrupted or has told everything.
async fn follow(runtime: &Runtime, settings: &Settings, how: &Tail) -> Result<Answer, Failure> {
    let tenant = session::named(runtime, settings, "socle events tail").await?;
    let types = Some(how.types.clone()).filter(|it| !it.is_empty());
    let from = if how.from_start { Start::Earliest } else { Start::Now };
    let mut tails = Vec::new();
    for (module, db) in runtime.logs() {
        let filter = tail::Filter { types: types.clone(), tenant };
        tails.push((module, tail::Tail::open(db, filter, from).await?));
    }
    let (mut interrupted, mut told) = (std::pin::pin!(tokio::signal::ctrl_c()), 0);
    loop {
        let mut is_quiet = true;
        for (module, tail) in &mut tails {
            for it in tail.next().await? {
                (is_quiet, told) = (false, told + 1);
                print(&event(module, it))?;
            }
        }
        if is_quiet && how.no_follow {
            break;
        }
        let pause = if is_quiet { LOOKING } else { Duration::ZERO };
        select! {
            _ = &mut interrupted => break,
            () = sleep(pause) => {}
        }
    }
    Ok(Answer::new(&Told { events: told }, format!("{told} events")))
}

fn print(event: &Event) -> Result<(), Failure> {
    answer::print(&answer::json(event)).map_err(|error| {
        let why = format!("could not write the event: {error}");
        Failure::new(Exit::Missing, why, "make room where standard output goes, and ask again")
    })
}

fn event(module: &str, it: Envelope) -> Event {
    let null = || RawValue::from_string("null".to_owned()).expect("null is JSON");
    Event {
        id: it.id,
        r#type: it.event_type,
        source: format!("/socle/{module}"),
        time: it.time,
        tenantid: it.tenant_id,
        partitionkey: it.partitionkey,
        sequence: it.sequence,
        actortype: it.actortype,
        actorid: it.actorid,
        correlationid: it.correlationid.to_string(),
        causationid: it.causationid.map(|it| it.to_string()),
        dataversion: it.dataversion,
        data: RawValue::from_string(it.data).unwrap_or_else(|_| null()),
    }
}

async fn forget(runtime: &Runtime, group: &str) -> Result<Answer, Failure> {
    for (_, db) in runtime.logs() {
        if groups::forget(&db, group, &operator()).await? {
            let text = format!("{group} is forgotten; nothing is kept for it any more");
            return Ok(Answer::new(&Forgotten { forgotten: group }, text));
        }
    }
    let next =
        format!("`{}` shows them; one that a program reads for stays", socle("events groups"));
    Err(Failure::new(Exit::Missing, format!("there is no group {group} without a program"), next))
}
