//! Transfers as recorded, put together from their rows.

use socle_kernel::{AccountId, Amount, Asset, Fault, HoldId, TenantId, Timestamp, TransferId};
use uuid::Uuid;

use super::Books;
use crate::{Flow, Posted, PostedLeg};

/// Transfers with their entries, assets and metadata, each leg in its place.
///
/// An entry's time says nothing that its key does not, but with it the index by time finds one
/// entry as well: a planner without statistics takes that index for as good as the key's.
macro_rules! posted {
    ($from:literal) => {
        concat!(
            "
    select t.tenant_id, t.id, t.number, t.kind, t.flow, t.recorded_at, t.effective_at,
           t.reverses, t.hold_id, t.actortype, t.actorid, t.correlation, t.reason, t.fingerprint,
           t.accounts, t.seqs,
           legs.assets, legs.amounts, legs.balances, notes.keys, notes.vals
    from ",
            $from,
            "
    cross join lateral (
        select array_agg(e.amount order by leg.place) as amounts,
               array_agg(e.balance order by leg.place) as balances,
               array_agg(a.asset order by leg.place) as assets
        from unnest(t.accounts, t.seqs) with ordinality as leg (account_id, seq, place)
        join {schema}.entry as e on e.tenant_id = t.tenant_id
            and e.account_id = leg.account_id and e.seq = leg.seq
            and e.effective_at = t.effective_at
        join {schema}.account as a on a.tenant_id = t.tenant_id and a.id = leg.account_id
    ) as legs
    cross join lateral (
        select coalesce(array_agg(m.key order by m.key, m.value), '{}') as keys,
               coalesce(array_agg(m.value order by m.key, m.value), '{}') as vals
        from {schema}.metadata as m
        where m.tenant_id = t.tenant_id and m.transfer_id = t.id
    ) as notes"
        )
    };
}

pub(crate) use posted;

const OF_IDS: &str = posted!(
    "unnest($2::uuid[], $3::uuid[]) as asked (tenant_id, id)
    join {schema}.transfer as t on t.tenant_id = asked.tenant_id and t.id = asked.id
        and ($1::uuid is null or t.tenant_id = $1)"
);

#[derive(sqlx::FromRow)]
pub(crate) struct PostedRow {
    pub(crate) tenant_id: TenantId,
    id: TransferId,
    number: i64,
    kind: String,
    flow: i16,
    recorded_at: Timestamp,
    effective_at: Timestamp,
    reverses: Option<TransferId>,
    hold_id: Option<HoldId>,
    actortype: String,
    actorid: String,
    correlation: Uuid,
    reason: Option<String>,
    pub(crate) fingerprint: i64,
    accounts: Vec<AccountId>,
    seqs: Vec<i64>,
    assets: Vec<Asset>,
    amounts: Vec<Amount>,
    balances: Vec<Amount>,
    keys: Vec<String>,
    vals: Vec<String>,
}

/// The transfers with these identifiers.
pub(crate) async fn posted_of(
    books: &mut Books<'_>,
    ids: &[(TenantId, TransferId)],
) -> Result<Vec<PostedRow>, Fault> {
    books
        .sql(OF_IDS)
        .bind(ids.iter().map(|it| it.0).collect::<Vec<_>>())
        .bind(ids.iter().map(|it| it.1).collect::<Vec<_>>())
        .all("read the transactions")
        .await
}

impl From<PostedRow> for Posted {
    fn from(it: PostedRow) -> Self {
        let figures = it.seqs.into_iter().zip(it.amounts.into_iter().zip(it.balances));
        let places = it.accounts.into_iter().zip(it.assets);
        let legs = places.zip(figures).map(|((account, asset), (seq, (amount, balance)))| {
            PostedLeg { account, asset, seq, amount, balance }
        });
        let mut metadata: Vec<_> = it.keys.into_iter().zip(it.vals).collect();
        metadata.sort_unstable();
        Self {
            id: it.id,
            number: it.number,
            kind: it.kind,
            flow: Flow::of(it.flow),
            recorded_at: it.recorded_at,
            effective_at: it.effective_at,
            legs: legs.collect(),
            reverses: it.reverses,
            hold: it.hold_id,
            actor: (it.actortype, it.actorid),
            correlation: it.correlation,
            reason: it.reason,
            metadata,
        }
    }
}
