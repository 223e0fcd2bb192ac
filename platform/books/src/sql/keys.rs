//! Idempotency keys: reserved first, answered from what was kept.

use serde_json::Value;
use socle_kernel::{Doing, Fault, TenantId, TransferId};
use uuid::Uuid;

use super::Books;
use crate::{Refusal, Unit, unit::Key};

const RESERVE: &str = "
    insert into {schema}.idempotency (tenant_id, key, fingerprint, transfers, recorded_at)
    select asked.tenant_id, asked.key, asked.fingerprint, ($7::uuid[])[asked.first:asked.last],
           asked.recorded_at
    from unnest($2::uuid[], $3::uuid[], $4::int8[], $5::int4[], $6::int4[], $8::timestamptz[])
        as asked (tenant_id, key, fingerprint, first, last, recorded_at)
    where $1::uuid is null or asked.tenant_id = $1
    order by asked.tenant_id, asked.key
    on conflict do nothing
    returning tenant_id, key";

/// Reserves the keys of these units; returns those that were free.
pub(crate) async fn reserve(
    books: &mut Books<'_>,
    units: &[(&Unit, Key)],
) -> Result<Vec<(TenantId, Uuid)>, Fault> {
    let (mut firsts, mut lasts, mut transfers) = (Vec::new(), Vec::new(), Vec::new());
    for (unit, _) in units {
        firsts.push(place(&transfers) + 1);
        transfers.extend(unit.transfers());
        lasts.push(place(&transfers));
    }
    books
        .sql(RESERVE)
        .bind(units.iter().map(|(unit, _)| unit.tenant).collect::<Vec<_>>())
        .bind(units.iter().map(|(_, key)| key.id).collect::<Vec<_>>())
        .bind(units.iter().map(|(_, key)| key.fingerprint).collect::<Vec<_>>())
        .bind(firsts)
        .bind(lasts)
        .bind(transfers)
        .bind(units.iter().map(|(unit, _)| unit.now).collect::<Vec<_>>())
        .all("reserve the idempotency keys")
        .await
}

fn place(transfers: &[TransferId]) -> i32 {
    i32::try_from(transfers.len()).expect("a batch is bounded")
}

const ANSWERS: &str = "
    select kept.tenant_id, kept.key, kept.fingerprint, kept.transfers, kept.refusal
    from {schema}.idempotency as kept
    join unnest($2::uuid[], $3::uuid[]) as asked (tenant_id, key) using (tenant_id, key)
    where $1::uuid is null or kept.tenant_id = $1";

/// What was answered under a key.
pub(crate) struct Answer {
    pub(crate) tenant: TenantId,
    pub(crate) key: Uuid,
    pub(crate) fingerprint: i64,
    pub(crate) transfers: Vec<TransferId>,
    pub(crate) refusal: Option<Refusal>,
}

#[derive(sqlx::FromRow)]
struct AnswerRow {
    tenant_id: TenantId,
    key: Uuid,
    fingerprint: i64,
    transfers: Vec<TransferId>,
    refusal: Option<Value>,
}

/// The answers that were kept under these keys.
pub(crate) async fn answers(
    books: &mut Books<'_>,
    keys: &[(TenantId, Uuid)],
) -> Result<Vec<Answer>, Fault> {
    let rows: Vec<AnswerRow> = books
        .sql(ANSWERS)
        .bind(keys.iter().map(|it| it.0).collect::<Vec<_>>())
        .bind(keys.iter().map(|it| it.1).collect::<Vec<_>>())
        .all("read the answers kept under idempotency keys")
        .await?;
    rows.into_iter().map(Answer::try_from).collect()
}

impl TryFrom<AnswerRow> for Answer {
    type Error = Fault;

    fn try_from(row: AnswerRow) -> Result<Self, Fault> {
        let refusal = row.refusal.map(serde_json::from_value).transpose();
        Ok(Self {
            tenant: row.tenant_id,
            key: row.key,
            fingerprint: row.fingerprint,
            transfers: row.transfers,
            refusal: refusal.doing("read a refusal kept under an idempotency key")?,
        })
    }
}
