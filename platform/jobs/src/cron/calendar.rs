//! Turning the calendar: entries whose time has come are enqueued and moved on in one commit.

use std::{collections::HashMap, error::Error, sync::Arc, time::Duration};

use jiff::tz::TimeZone;
use socle_db::{Db, SystemTx, failpoint};
use socle_kernel::{Actor, Cx, Fault, TenantId, Timestamp};

use super::{Cron, Missed, TenantDirectory, Zone};
use crate::{
    EVERY_TENANT,
    enqueue::asker,
    sql::{
        cron::{self, Due, Entry, Turn},
        enqueue::{self, ENQUEUE, NewJob},
    },
    worker::Plant,
};

/// Entries that one transaction moves on.
const TURNED_MAX: i64 = 500;

/// Entries that one statement keeps.
const KEPT_MAX: usize = 5_000;

/// Until when a time is late and not missed.
const LATE_MAX: Duration = Duration::from_mins(1);

/// When an entry that has no more times is looked at again.
const NEVER: Duration = Duration::from_hours(24 * 365);

#[derive(Debug)]
pub(crate) struct Calendar {
    crons: Vec<Cron>,
    directory: Arc<dyn TenantDirectory>,
    zone: TimeZone,
}

impl Calendar {
    pub(crate) fn new(
        crons: Vec<Cron>,
        directory: Arc<dyn TenantDirectory>,
        zone: TimeZone,
    ) -> Self {
        Self { crons, directory, zone }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.crons.is_empty()
    }

    /// Makes the entries those of the tenants that there are.
    pub(crate) async fn keep(&self, db: &Db, now: Timestamp) -> Result<(), Fault> {
        if self.is_empty() {
            return Ok(());
        }
        let is_of_tenant = |it: &Cron| it.zone == Zone::OfTenant;
        let has_tenants = self.crons.iter().any(is_of_tenant);
        let tenants = if has_tenants { self.directory.tenants().await? } else { Vec::new() };
        let system = vec![(EVERY_TENANT, self.zone.clone())];
        for cron in &self.crons {
            let tenants = if is_of_tenant(cron) { &tenants } else { &system };
            keep(db, cron, tenants, now).await?;
        }
        Ok(())
    }

    /// Enqueues what is due, and moves it on.
    pub(crate) async fn turn(&self, plant: &Plant, now: Timestamp) -> Result<(), Fault> {
        let names: Vec<_> = self.crons.iter().map(|it| it.name).collect();
        if names.is_empty() {
            return Ok(());
        }
        loop {
            let turn = async |tx: &mut SystemTx| self.turn_in(tx, &names, now).await;
            let (turned, fired) = plant.db.run_system(turn).await?;
            failpoint("jobs.turned");
            for it in &fired {
                plant.count_fire(it.0, it.1, now);
            }
            if turned < TURNED_MAX {
                return Ok(());
            }
        }
    }

    async fn turn_in(
        &self,
        tx: &mut SystemTx,
        names: &[&'static str],
        now: Timestamp,
    ) -> Result<(i64, Vec<(&'static str, Timestamp)>), Fault> {
        let due = cron::due(tx, names, now, TURNED_MAX).await?;
        let (mut turns, mut jobs) = (Vec::new(), Vec::new());
        for it in &due {
            let Some(cron) = self.crons.iter().find(|cron| cron.name == it.name) else { continue };
            let cx = Cx::new(it.tenant_id, Actor::System("calendar"), now);
            let job = (cron.make)(&cx)?;
            turns.push(turn_of(cron, it, &job, now));
            jobs.push(job);
        }
        if !turns.is_empty() {
            enqueue_fired(tx, &turns, jobs, now).await?;
            failpoint("jobs.turning");
        }
        let fired = turns.iter().filter_map(|it| Some((it.name, it.scheduled_at?))).collect();
        Ok((i64::try_from(due.len()).unwrap_or(i64::MAX), fired))
    }
}

async fn enqueue_fired(
    tx: &mut SystemTx,
    turns: &[Turn],
    jobs: Vec<NewJob>,
    now: Timestamp,
) -> Result<(), Fault> {
    let fired = cron::fire(tx, turns).await?;
    let mut jobs: HashMap<_, _> = jobs.into_iter().map(|it| (it.id, it)).collect();
    let jobs: Vec<_> = fired.iter().filter_map(|(id,)| jobs.remove(id)).collect();
    if jobs.is_empty() {
        return Ok(());
    }
    let asker = asker(&Cx::new(EVERY_TENANT, Actor::System("calendar"), now));
    // One with a key that waits or runs already stands for it.
    enqueue::enqueue(tx.template(ENQUEUE), &jobs, &asker).await.map(drop)
}

async fn keep(
    db: &Db,
    cron: &Cron,
    tenants: &[(TenantId, TimeZone)],
    now: Timestamp,
) -> Result<(), Fault> {
    let mut next_in: HashMap<&str, Option<Timestamp>> = HashMap::new();
    let mut entries = Vec::with_capacity(tenants.len());
    for (tenant, zone) in tenants {
        let name = name_of(zone);
        let next = *next_in.entry(name).or_insert_with(|| cron.expression.after(now, zone));
        entries.push(Entry {
            name: cron.name,
            tenant: *tenant,
            zone: name.to_owned(),
            expression: cron.expression.text,
            next_at: next.unwrap_or_else(|| now.after(NEVER)),
        });
    }
    let tenants: Vec<_> = tenants.iter().map(|it| it.0).collect();
    db.run_system(async |tx: &mut SystemTx| -> Result<(), Fault> {
        for some in entries.chunks(KEPT_MAX) {
            cron::keep(tx, some).await?;
        }
        cron::drop_others(tx, cron.name, &tenants).await.map(drop)
    })
    .await
}

/// For which time an entry is done, and when it is due again.
fn turn_of(cron: &Cron, due: &Due, job: &NewJob, now: Timestamp) -> Turn {
    let (name, tenant, job) = (cron.name, due.tenant_id, job.id);
    if let Some(asked_at) = due.asked_at {
        return Turn { name, tenant, scheduled_at: Some(asked_at), next_at: due.next_at, job };
    }
    let zone = zone_of(&due.zone);
    let latest = cron.expression.until(now, &zone).filter(|it| due.next_at <= *it);
    let latest = latest.unwrap_or(due.next_at);
    let is_missed = latest.after(LATE_MAX) < now;
    let scheduled_at = Some(latest).filter(|_| cron.missed == Missed::Once || !is_missed);
    let next_at = cron.expression.after(now, &zone).unwrap_or_else(|| now.after(NEVER));
    Turn { name, tenant, scheduled_at, next_at, job }
}

fn name_of(zone: &TimeZone) -> &str {
    zone.iana_name().unwrap_or("UTC")
}

fn zone_of(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or_else(|error| {
        tracing::error!(error = &error as &dyn Error, zone = name, "UTC is taken for the zone");
        TimeZone::UTC
    })
}
