//! The calendar's entries, and the times that they were done for.

use socle_db::SystemTx;
use socle_kernel::{Fault, TenantId, Timestamp};

use crate::{JobId, desk::CronEntry};

/// Brings entries up to date. An entry that has changed begins anew; one whose next time lies
/// beyond the next that there is was planned by a clock that has been put back.
const KEEP: &str = "
    insert into {schema}.job_cron as c (name, tenant_id, zone, expression, next_at)
    select it.* from unnest($2::text[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[])
        as it (name, tenant_id, zone, expression, next_at)
    where $1::uuid is null
    on conflict (name, tenant_id) do update
    set zone = excluded.zone, expression = excluded.expression, next_at = excluded.next_at
    where (c.zone, c.expression) <> (excluded.zone, excluded.expression)
        or excluded.next_at < c.next_at";

/// An entry as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) tenant: TenantId,
    pub(crate) zone: String,
    pub(crate) expression: &'static str,
    pub(crate) next_at: Timestamp,
}

pub(crate) async fn keep(tx: &mut SystemTx, entries: &[Entry]) -> Result<u64, Fault> {
    fn each<T>(entries: &[Entry], of: impl Fn(&Entry) -> T) -> Vec<T> {
        entries.iter().map(of).collect()
    }
    tx.template(KEEP)
        .bind(each(entries, |it| it.name))
        .bind(each(entries, |it| it.tenant))
        .bind(each(entries, |it| it.zone.clone()))
        .bind(each(entries, |it| it.expression))
        .bind(each(entries, |it| it.next_at))
        .run("keep the calendar")
        .await
}

const DROP: &str = "
    delete from {schema}.job_cron
    where name = $2 and $1::uuid is null and not (tenant_id = any($3::uuid[]))";

/// Drops the entries of this name that belong to none of these tenants.
pub(crate) async fn drop_others(
    tx: &mut SystemTx,
    name: &'static str,
    tenants: &[TenantId],
) -> Result<u64, Fault> {
    tx.template(DROP).bind(name).bind(tenants.to_vec()).run("drop entries").await
}

const DUE: &str = "
    select name, tenant_id, zone, next_at, asked_at from {schema}.job_cron
    where (asked_at is not null or paused_at is null and next_at <= $3)
        and name = any($2::text[]) and $1::uuid is null
    order by next_at limit $4
    for update skip locked";

/// An entry whose time has come.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Due {
    pub(crate) name: String,
    pub(crate) tenant_id: TenantId,
    pub(crate) zone: String,
    pub(crate) next_at: Timestamp,
    pub(crate) asked_at: Option<Timestamp>,
}

/// Locks entries that are due, those that another scheduler has left out.
pub(crate) async fn due(
    tx: &mut SystemTx,
    names: &[&'static str],
    now: Timestamp,
    most: i64,
) -> Result<Vec<Due>, Fault> {
    let statement = tx.template(DUE).bind(names.to_vec()).bind(now).bind(most);
    statement.all("find what the calendar asks for").await
}

/// Moves entries to their next times; answers for which the time was not done before.
const FIRE: &str = "
    with it as (
        select it.* from unnest($2::text[], $3::uuid[], $4::timestamptz[], $5::timestamptz[],
                                $6::uuid[])
            as it (name, tenant_id, scheduled_at, next_at, job_id)
        where $1::uuid is null
    ), fired as (
        insert into {schema}.job_fire (name, tenant_id, scheduled_at, job_id)
        select name, tenant_id, scheduled_at, job_id from it where scheduled_at is not null
        on conflict (name, tenant_id, scheduled_at) do nothing
        returning name, tenant_id, scheduled_at, job_id
    ), moved as (
        update {schema}.job_cron as c
        set next_at = it.next_at, last_at = coalesce(fired.scheduled_at, c.last_at),
            last_job = coalesce(fired.job_id, c.last_job), asked_at = null
        from it left join fired using (name, tenant_id)
        where c.name = it.name and c.tenant_id = it.tenant_id
    )
    select job_id from fired";

/// What is to become of an entry: done for a time, or not, and due again at another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn {
    pub(crate) name: &'static str,
    pub(crate) tenant: TenantId,
    pub(crate) scheduled_at: Option<Timestamp>,
    pub(crate) next_at: Timestamp,
    pub(crate) job: JobId,
}

pub(crate) async fn fire(tx: &mut SystemTx, turns: &[Turn]) -> Result<Vec<(JobId,)>, Fault> {
    fn each<T>(turns: &[Turn], of: impl Fn(&Turn) -> T) -> Vec<T> {
        turns.iter().map(of).collect()
    }
    tx.template(FIRE)
        .bind(each(turns, |it| it.name))
        .bind(each(turns, |it| it.tenant))
        .bind(each(turns, |it| it.scheduled_at))
        .bind(each(turns, |it| it.next_at))
        .bind(each(turns, |it| it.job))
        .all("move the calendar on")
        .await
}

const ASK: &str = "
    update {schema}.job_cron set asked_at = $4, asked_by = $5
    where name = $2 and tenant_id = $3 and $1::uuid is null";

/// Has an entry done out of its turn; returns whether there is one.
pub(crate) async fn ask(
    tx: &mut SystemTx,
    (name, tenant): (&str, TenantId),
    (at, by): (Timestamp, &str),
) -> Result<bool, Fault> {
    let statement = tx.template(ASK).bind(name.to_owned()).bind(tenant).bind(at);
    Ok(statement.bind(by.to_owned()).run("ask for the entry").await? == 1)
}

const LIST: &str = "
    select name, tenant_id, zone, expression, next_at, last_at, last_job, paused_at, paused_by,
           asked_at, asked_by
    from {schema}.job_cron
    where $1::uuid is null and ($2, $3) < (name, tenant_id)
    order by name, tenant_id limit $4";

/// A page of the entries, in the order of their names.
pub(crate) async fn list(
    tx: &mut SystemTx,
    (name, tenant): (&str, TenantId),
    most: i64,
) -> Result<Vec<CronEntry>, Fault> {
    let statement = tx.template(LIST).bind(name.to_owned()).bind(tenant).bind(most);
    statement.all("list the calendar").await
}

const PAUSE: &str = "
    update {schema}.job_cron set paused_at = $4, paused_by = $5
    where name = $2 and tenant_id = $3 and $1::uuid is null";

/// Holds an entry up, or (without a time) lets it go on; returns whether there is one.
pub(crate) async fn pause(
    tx: &mut SystemTx,
    (name, tenant): (&str, TenantId),
    paused: Option<(Timestamp, &str)>,
) -> Result<bool, Fault> {
    let (at, by) = (paused.map(|it| it.0), paused.map(|it| it.1.to_owned()));
    let statement = tx.template(PAUSE).bind(name.to_owned()).bind(tenant).bind(at).bind(by);
    Ok(statement.run("pause the entry").await? == 1)
}
