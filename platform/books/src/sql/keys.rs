//! Idempotency keys: reserved first, answered from what was kept.

use std::collections::HashMap;

use serde_json::Value;
use socle_kernel::{Doing, Fault, TenantId, Timestamp, TransferId};
use uuid::Uuid;

use super::Books;
use crate::{Key, Refusal, Unit};

const RESERVE: &str = "
    insert into {schema}.idempotency
        (tenant_id, key, fingerprint, correlation, recorded_at, expires_at, transfers)
    select asked.tenant_id, asked.key, asked.fingerprint, asked.correlation, asked.recorded_at,
           asked.expires_at, ($10::uuid[])[asked.first:asked.last]
    from unnest($2::uuid[], $3::uuid[], $4::int8[], $5::uuid[], $6::timestamptz[],
                $7::timestamptz[], $8::int4[], $9::int4[])
        as asked (tenant_id, key, fingerprint, correlation, recorded_at, expires_at, first, last)
    where $1::uuid is null or asked.tenant_id = $1
    order by asked.tenant_id, asked.key
    on conflict do nothing
    returning tenant_id, key";

/// A key, and the tenant whose it is.
pub(crate) type OwnKey = (TenantId, Uuid);

/// Reserves the keys of these units; returns those that were free.
pub(crate) async fn reserve(books: &mut Books<'_>, units: &[&Unit]) -> Result<Vec<OwnKey>, Fault> {
    let mut keyed: Vec<(&Unit, &Key)> = Vec::new();
    let (mut firsts, mut lasts, mut transfers) = (Vec::new(), Vec::new(), Vec::new());
    for unit in units {
        let first = place(&transfers) + 1;
        transfers.extend(unit.transfers());
        for key in &unit.keys {
            keyed.push((unit, key));
            firsts.push(first);
            lasts.push(place(&transfers));
        }
    }
    books
        .sql(RESERVE)
        .bind(keyed.iter().map(|(unit, _)| unit.tenant).collect::<Vec<_>>())
        .bind(keyed.iter().map(|(_, key)| key.id).collect::<Vec<_>>())
        .bind(keyed.iter().map(|(_, key)| key.fingerprint).collect::<Vec<_>>())
        .bind(keyed.iter().map(|(unit, _)| unit.author.correlationid).collect::<Vec<_>>())
        .bind(keyed.iter().map(|(unit, _)| unit.now).collect::<Vec<_>>())
        .bind(keyed.iter().map(|(unit, key)| key.expires_at(unit.now)).collect::<Vec<_>>())
        .bind(firsts)
        .bind(lasts)
        .bind(transfers)
        .all("reserve the idempotency keys")
        .await
}

fn place(transfers: &[TransferId]) -> i32 {
    i32::try_from(transfers.len()).expect("a batch is bounded")
}

const ANSWERS: &str = "
    select kept.tenant_id, kept.key, kept.fingerprint, kept.correlation, kept.transfers,
           kept.refusal
    from {schema}.idempotency as kept
    join unnest($2::uuid[], $3::uuid[]) as asked (tenant_id, key) using (tenant_id, key)
    where $1::uuid is null or kept.tenant_id = $1";

/// What was answered under a key.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) fingerprint: i64,
    /// The request that was answered so first.
    pub(crate) correlation: Uuid,
    pub(crate) transfers: Vec<TransferId>,
    pub(crate) refusal: Option<Refusal>,
}

#[derive(sqlx::FromRow)]
struct AnswerRow {
    tenant_id: TenantId,
    key: Uuid,
    fingerprint: i64,
    correlation: Uuid,
    transfers: Vec<TransferId>,
    refusal: Option<Value>,
}

/// The answers that were kept under these keys.
pub(crate) async fn answers(
    books: &mut Books<'_>,
    keys: &[OwnKey],
) -> Result<HashMap<OwnKey, Answer>, Fault> {
    let rows: Vec<AnswerRow> = books
        .sql(ANSWERS)
        .bind(keys.iter().map(|it| it.0).collect::<Vec<_>>())
        .bind(keys.iter().map(|it| it.1).collect::<Vec<_>>())
        .all("read the answers kept under idempotency keys")
        .await?;
    rows.into_iter().map(|it| Ok(((it.tenant_id, it.key), Answer::try_from(it)?))).collect()
}

impl TryFrom<AnswerRow> for Answer {
    type Error = Fault;

    fn try_from(row: AnswerRow) -> Result<Self, Fault> {
        let refusal = row.refusal.map(serde_json::from_value).transpose();
        Ok(Self {
            fingerprint: row.fingerprint,
            correlation: row.correlation,
            transfers: row.transfers,
            refusal: refusal.doing("read a refusal kept under an idempotency key")?,
        })
    }
}

const KEEP: &str = "
    update {schema}.idempotency as k
    set correlation = r.correlation, expires_at = r.expires_at, refusal = r.refusal,
        transfers = ($8::uuid[])[r.first:r.last]
    from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::int4[], $7::int4[],
                $9::json[]) as r (tenant_id, key, correlation, expires_at, first, last, refusal)
    where k.tenant_id = r.tenant_id and k.key = r.key and ($1::uuid is null or k.tenant_id = $1)";

/// An answer to be kept under a key that has been reserved.
pub(crate) struct ToKeep {
    pub(crate) key: OwnKey,
    pub(crate) answer: Answer,
    pub(crate) expires_at: Option<Timestamp>,
}

/// Keeps answers that were found under other keys.
pub(crate) async fn keep(books: &mut Books<'_>, all: &[ToKeep]) -> Result<(), Fault> {
    let (mut firsts, mut lasts, mut transfers) = (Vec::new(), Vec::new(), Vec::new());
    for it in all {
        firsts.push(place(&transfers) + 1);
        transfers.extend(it.answer.transfers.iter().copied());
        lasts.push(place(&transfers));
    }
    let refusals = all.iter().map(|it| it.answer.refusal.as_ref().map(serde_json::to_string));
    let refusals: Result<Vec<Option<String>>, _> = refusals.map(Option::transpose).collect();
    books
        .sql(KEEP)
        .bind(all.iter().map(|it| it.key.0).collect::<Vec<_>>())
        .bind(all.iter().map(|it| it.key.1).collect::<Vec<_>>())
        .bind(all.iter().map(|it| it.answer.correlation).collect::<Vec<_>>())
        .bind(all.iter().map(|it| it.expires_at).collect::<Vec<_>>())
        .bind(firsts)
        .bind(lasts)
        .bind(transfers)
        .bind(refusals.expect("a refusal is plain data"))
        .run("keep an answer under another idempotency key")
        .await
        .map(drop)
}

const FORGET: &str = "
    delete from {schema}.idempotency as k
    using (
        select e.tenant_id, e.key from {schema}.idempotency as e
        where e.expires_at <= $2 and ($1::uuid is null or e.tenant_id = $1)
        order by e.expires_at limit $3 for update skip locked
    ) as e
    where k.tenant_id = e.tenant_id and k.key = e.key and ($1::uuid is null or k.tenant_id = $1)";

/// Deletes some of what expired by a moment; returns how many.
pub(crate) async fn forget(books: &mut Books<'_>, by: Timestamp, limit: i64) -> Result<u64, Fault> {
    books.sql(FORGET).bind(by).bind(limit).run("forget the idempotency keys").await
}
