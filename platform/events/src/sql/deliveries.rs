//! Deliveries that failed, and those behind them.

use socle_db::{Statement, SystemTx, Tx};
use socle_kernel::{Fault, Timestamp};
use sqlx::FromRow;

use crate::{Envelope, EventId};

/// How events are kept back.
#[derive(Debug)]
pub(crate) struct Parking<'p> {
    pub(crate) group: &'static str,
    pub(crate) state: &'static str,
    pub(crate) tries: i32,
    pub(crate) next_at: Timestamp,
    pub(crate) error: Option<&'p str>,
}

const PARK: &str = "
    insert into {schema}.delivery
        (tenant_id, grp, state, attempts, tries, next_at, first_error, last_error,
         id, seq, type, dataversion, partitionkey, sequence, time, actortype, actorid,
         correlationid, causationid, data, onbehalfof, traceparent)
    select $1, $2, $3, $4, $4, $5, $6, $6, it.*
    from unnest($7::uuid[], $8::int8[], $9::text[], $10::int2[], $11::text[], $12::int8[],
                $13::timestamptz[], $14::text[], $15::text[], $16::uuid[], $17::uuid[],
                $18::json[], $19::text[], $20::text[]) as it";

/// Keeps events back that the transaction has marked.
pub(crate) async fn park(tx: &mut Tx, how: Parking<'_>, events: &[Envelope]) -> Result<(), Fault> {
    let statement = tx.template(PARK).bind(how.group).bind(how.state).bind(how.tries);
    let statement = statement.bind(how.next_at).bind(how.error.map(str::to_owned));
    bind(statement, events).run("keep the events back").await.map(drop)
}

fn bind<'t>(statement: Statement<'t>, events: &[Envelope]) -> Statement<'t> {
    fn each<T>(events: &[Envelope], of: impl Fn(&Envelope) -> T) -> Vec<T> {
        events.iter().map(of).collect()
    }
    statement
        .bind(each(events, |it| it.id))
        .bind(each(events, |it| it.seq))
        .bind(each(events, |it| it.event_type.clone()))
        .bind(each(events, |it| it.dataversion))
        .bind(each(events, |it| it.partitionkey.clone()))
        .bind(each(events, |it| it.sequence))
        .bind(each(events, |it| it.time))
        .bind(each(events, |it| it.actortype.clone()))
        .bind(each(events, |it| it.actorid.clone()))
        .bind(each(events, |it| it.correlationid))
        .bind(each(events, |it| it.causationid))
        .bind(each(events, |it| it.data.clone()))
        .bind(each(events, |it| it.onbehalfof.clone()))
        .bind(each(events, |it| it.traceparent.clone()))
}

/// A delivery whose time has come.
#[derive(Debug, FromRow)]
pub(crate) struct Due {
    #[sqlx(flatten)]
    pub(crate) envelope: Envelope,
    pub(crate) tries: i32,
    pub(crate) state: String,
}

/// Whose deliveries are looked for. One that is due later than any pause is long has waited for a
/// clock that was set back since.
#[derive(Debug)]
pub(crate) struct Looking {
    pub(crate) group: &'static str,
    pub(crate) now: Timestamp,
    pub(crate) never: Timestamp,
    pub(crate) partitions: i16,
    pub(crate) held: Vec<i16>,
}

const DUE: &str = "
    select d.seq, d.tenant_id, d.id, d.type, d.dataversion, d.partitionkey, d.sequence, d.time,
           d.actortype, d.actorid, d.correlationid, d.causationid, d.data::text as data,
           d.onbehalfof, d.traceparent, d.tries, d.state
    from {schema}.delivery as d
    where ($1::uuid is null or d.tenant_id = $1) and d.grp = $2
        and d.state in ('retrying', 'replaying') and (d.next_at <= $3 or $4 < d.next_at)
        and ($5::int2 = 1
             or (hashtextextended(d.partitionkey, uuid_hash_extended(d.tenant_id, 0))
                 & 1048575) % $5::int2 = any($6::int2[]))
    order by d.next_at, d.seq limit $7";

pub(crate) async fn due(
    tx: &mut SystemTx,
    looking: Looking,
    limit: i64,
) -> Result<Vec<Due>, Fault> {
    let statement = tx.template(DUE).bind(looking.group).bind(looking.now).bind(looking.never);
    let statement = statement.bind(looking.partitions).bind(looking.held).bind(limit);
    statement.all("look for events to try again").await
}

const DONE: &str = "
    update {schema}.delivery as d
    set state = 'handled', attempts = d.attempts + 1, tries = d.tries + 1,
        moved_at = clock_timestamp()
    where d.tenant_id = $1 and d.grp = $2 and d.id = $3 and d.state in ('retrying', 'replaying')";

/// Calls the delivery handled, in the transaction that handles it; false when another one has.
pub(crate) async fn done(tx: &mut Tx, group: &'static str, id: EventId) -> Result<bool, Fault> {
    Ok(tx.template(DONE).bind(group).bind(id).run("mark the event as handled").await? == 1)
}

const FOLLOW: &str = "
    update {schema}.delivery as d
    set state = 'retrying', next_at = $4, moved_at = clock_timestamp()
    where d.tenant_id = $1 and d.grp = $2 and d.state = 'waiting' and d.id = (
        select it.id from {schema}.delivery as it
        where it.tenant_id = $1 and it.grp = $2 and it.partitionkey = $3
            and it.state in ('retrying', 'waiting')
        order by it.seq limit 1)";

/// Lets the next event of a key come, now that the one before has been dealt with.
pub(crate) async fn follow(
    tx: &mut Tx,
    group: &'static str,
    partitionkey: &str,
    now: Timestamp,
) -> Result<bool, Fault> {
    let statement = tx.template(FOLLOW).bind(group).bind(partitionkey.to_owned()).bind(now);
    Ok(statement.run("let the next event come").await? == 1)
}

/// What another try came to.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) group: &'static str,
    pub(crate) id: EventId,
    pub(crate) tries: i32,
    pub(crate) state: String,
    pub(crate) next_at: Timestamp,
    pub(crate) error: String,
}

const FAIL: &str = "
    update {schema}.delivery as d
    set state = $5, attempts = d.attempts + 1, tries = d.tries + 1, next_at = $6,
        first_error = coalesce(d.first_error, $7), last_error = $7, moved_at = clock_timestamp()
    where d.tenant_id = $1 and d.grp = $2 and d.id = $3 and d.tries = $4
        and d.state in ('retrying', 'replaying')";

/// Counts a try that failed; false when somebody else has moved the delivery meanwhile.
pub(crate) async fn fail(tx: &mut Tx, failure: Failure) -> Result<bool, Fault> {
    let Failure { group, id, tries, state, next_at, error } = failure;
    let statement = tx.template(FAIL).bind(group).bind(id).bind(tries).bind(state);
    Ok(statement.bind(next_at).bind(error).run("count the try").await? == 1)
}

const FORGET: &str = "
    delete from {schema}.delivery as d
    where ($1::uuid is null or d.tenant_id = $1) and d.state in ('handled', 'discarded')
        and d.moved_at < now() - $2 * interval '1 second'
        and d.ctid = any(array(
            select it.ctid from {schema}.delivery as it
            where ($1::uuid is null or it.tenant_id = $1)
                and it.state in ('handled', 'discarded')
                and it.moved_at < now() - $2 * interval '1 second'
            limit $3))";

/// Forgets what has been dealt with for longer, some at a time; returns how many.
pub(crate) async fn forget(tx: &mut SystemTx, age_s: i64, limit: i64) -> Result<u64, Fault> {
    tx.template(FORGET).bind(age_s).bind(limit).run("forget deliveries").await
}
