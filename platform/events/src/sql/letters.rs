//! Deliveries that failed, as an operator looks at them, over all tenants.

use socle_db::SystemTx;
use socle_kernel::{Fault, Timestamp};
use sqlx::FromRow;

use crate::{
    Envelope, EventId,
    dead_letters::{BELL, Filter, State},
};

/// A delivery that failed, and what has become of it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Letter {
    #[sqlx(rename = "grp")]
    pub group: String,
    #[sqlx(flatten)]
    pub envelope: Envelope,
    /// As [`State::as_str`](crate::dead_letters::State::as_str).
    pub state: String,
    /// Tries in all.
    pub attempts: i32,
    /// When it is tried again.
    pub next_at: Timestamp,
    pub parked_at: Timestamp,
    /// When it came into its state.
    pub moved_at: Timestamp,
    /// Each with its causes.
    pub first_error: Option<String>,
    pub last_error: Option<String>,
    /// Who replayed it or gave it up, and when.
    pub decided_by: Option<String>,
    pub decided_at: Option<Timestamp>,
}

/// How many deliveries of a group failed.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Counts {
    #[sqlx(rename = "grp")]
    pub group: String,
    /// Those that are tried again, and those behind them.
    pub parked: i64,
    pub dead: i64,
}

/// What somebody decided about letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Replay,
    Discard,
}

const LIST: &str = "
    select d.grp, d.seq, d.tenant_id, d.id, d.type, d.dataversion, d.partitionkey, d.sequence,
           d.time, d.actortype, d.actorid, d.correlationid, d.causationid, d.data::text as data,
           d.onbehalfof, d.traceparent, d.state, d.attempts, d.next_at, d.parked_at, d.moved_at,
           d.first_error, d.last_error, d.decided_by, d.decided_at
    from {schema}.delivery as d
    where ($1::uuid is null or d.tenant_id = $1) and ($2::uuid is null or d.tenant_id = $2)
        and ($3::text is null or d.grp = $3) and ($4::text is null or d.state = $4)
        and ($5::text is null or (d.grp, d.id) > ($5, $6))
    order by d.grp, d.id limit $7";

pub(crate) async fn list(
    tx: &mut SystemTx,
    filter: Filter<'_>,
    after: Option<(&str, EventId)>,
    limit: i64,
) -> Result<Vec<Letter>, Fault> {
    tx.template(LIST)
        .bind(filter.tenant)
        .bind(filter.group.map(str::to_owned))
        .bind(filter.state.map(State::as_str))
        .bind(after.map(|it| it.0.to_owned()))
        .bind(after.map(|it| it.1))
        .bind(limit)
        .all("list the letters")
        .await
}

const FIND: &str = "
    select d.grp, d.seq, d.tenant_id, d.id, d.type, d.dataversion, d.partitionkey, d.sequence,
           d.time, d.actortype, d.actorid, d.correlationid, d.causationid, d.data::text as data,
           d.onbehalfof, d.traceparent, d.state, d.attempts, d.next_at, d.parked_at, d.moved_at,
           d.first_error, d.last_error, d.decided_by, d.decided_at
    from {schema}.delivery as d
    where ($1::uuid is null or d.tenant_id = $1) and d.grp = $2 and d.id = $3";

pub(crate) async fn find(
    tx: &mut SystemTx,
    group: &str,
    id: EventId,
) -> Result<Option<Letter>, Fault> {
    tx.template(FIND).bind(group.to_owned()).bind(id).maybe("find the letter").await
}

const COUNT: &str = "
    select d.grp, count(*) filter (where d.state <> 'dead') as parked,
           count(*) filter (where d.state = 'dead') as dead
    from {schema}.delivery as d
    where ($1::uuid is null or d.tenant_id = $1)
        and d.state in ('retrying', 'waiting', 'replaying', 'dead')
    group by d.grp order by d.grp";

pub(crate) async fn count(tx: &mut SystemTx) -> Result<Vec<Counts>, Fault> {
    tx.template(COUNT).all("count the letters").await
}

/// A dead one is replayed; one that would be tried again anyway is tried now.
const REPLAY: &str = "
    update {schema}.delivery as d
    set state = case d.state when 'dead' then 'replaying' else d.state end,
        tries = case d.state when 'dead' then 0 else d.tries end,
        next_at = 'epoch', moved_at = clock_timestamp(), decided_by = $4,
        decided_at = clock_timestamp()
    where ($1::uuid is null or d.tenant_id = $1) and d.grp = $2
        and (d.id = any($3::uuid[]) and d.state in ('dead', 'retrying', 'replaying')
             or $3::uuid[] is null and d.state = 'dead')";

const DISCARD: &str = "
    update {schema}.delivery as d
    set state = 'discarded', moved_at = clock_timestamp(), decided_by = $4,
        decided_at = clock_timestamp()
    where ($1::uuid is null or d.tenant_id = $1) and d.grp = $2
        and (d.id = any($3::uuid[]) and d.state in ('dead', 'retrying', 'replaying')
             or $3::uuid[] is null and d.state = 'dead')";

pub(crate) async fn decide(
    tx: &mut SystemTx,
    (group, decision): (&str, Decision),
    ids: Option<&[EventId]>,
    by: &str,
) -> Result<u64, Fault> {
    let statement = match decision {
        Decision::Replay => tx.template(REPLAY),
        Decision::Discard => tx.template(DISCARD),
    };
    let statement = statement.bind(group.to_owned()).bind(ids.map(<[EventId]>::to_vec));
    statement.bind(by.to_owned()).ringing(BELL).run("decide about the letters").await
}

const WAKE: &str = "
    update {schema}.delivery as d
    set state = 'retrying', next_at = 'epoch', moved_at = clock_timestamp()
    where ($1::uuid is null or d.tenant_id = $1) and d.grp = $2 and d.state = 'waiting'
        and not exists (
            select from {schema}.delivery as it
            where it.tenant_id = d.tenant_id and it.grp = d.grp
                and it.partitionkey = d.partitionkey and it.state in ('retrying', 'waiting')
                and it.seq < d.seq)";

/// Lets those come that wait for nobody: the one before them was given up, or a worker that was
/// cut off has put them there.
pub(crate) async fn wake(tx: &mut SystemTx, group: &str) -> Result<u64, Fault> {
    tx.template(WAKE).bind(group.to_owned()).run("wake events that wait for nobody").await
}
