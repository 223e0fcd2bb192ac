//! Jobs: one for each event, and one that the calendar asks for. Each ends in the commit of its
//! effect.

use std::{sync::Arc, time::Duration};

use futures_util::future::{self, BoxFuture, FutureExt};
use serde::{Deserialize, Serialize};
use socle_db::{Db, Tx};
use socle_events::EventId;
use socle_jobs::{Cron, Job, Run, TenantDirectory, Work, Zone};
use socle_kernel::{Fault, TenantId};
use tokio::time::sleep;

use super::tables::{ECHOED, TICKED};

/// One echo in so many takes so long, so that whoever is killed or paused is in the middle of some.
const SLOW_ONES: u128 = 5;
const SLOW: Duration = Duration::from_millis(700);

/// What the calendar's entry is called.
const TICKS: &str = "storm.ticks";

/// Writes down that an event was heard.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Echo {
    pub(super) event: EventId,
}

/// Writes down that its time came.
#[derive(Debug, Serialize, Deserialize)]
struct Tick {}

impl Job for Echo {
    const KIND: &'static str = "storm.echo";
}

impl Job for Tick {
    const KIND: &'static str = "storm.tick";
}

/// Nothing here is done tenant by tenant.
#[derive(Debug)]
struct Nobody;

impl TenantDirectory for Nobody {
    fn tenants(&self) -> BoxFuture<'_, Result<Vec<(TenantId, jiff::tz::TimeZone)>, Fault>> {
        future::ready(Ok(Vec::new())).boxed()
    }
}

pub(super) fn nobody() -> Arc<dyn TenantDirectory> {
    Arc::new(Nobody)
}

pub(super) fn works(db: &Db) -> Vec<Work> {
    let (echoes, ticks) = (db.clone(), db.clone());
    vec![
        Work::new(move |run, job: Echo| echo(echoes.clone(), run, job.event)),
        Work::new(move |run, _: Tick| tick(ticks.clone(), run)),
    ]
}

/// Every minute: a storm that moves the entry's time has it asked for more often.
pub(super) fn calendar() -> Vec<Cron> {
    vec![Cron::new(TICKS, "* * * * *", Zone::System, || Tick {})]
}

async fn echo(db: Db, run: Run, event: EventId) -> Result<(), Fault> {
    if event.uuid().as_u128().is_multiple_of(SLOW_ONES) {
        sleep(SLOW).await;
    }
    let (cx, run) = (&run.cx, &run);
    db.run(cx, async |tx: &mut Tx| {
        tx.sql(ECHOED).bind(event).bind(run.id).run("write down an echo").await?;
        run.finish_in(tx).await
    })
    .await
}

async fn tick(db: Db, run: Run) -> Result<(), Fault> {
    let (cx, run) = (&run.cx, &run);
    db.run(cx, async |tx: &mut Tx| {
        tx.sql(TICKED).bind(run.id).run("write down a tick").await?;
        run.finish_in(tx).await
    })
    .await
}
