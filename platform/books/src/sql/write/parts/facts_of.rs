//! Parts that add facts: transfers, their entries, lot moves and roll-ups.

use std::collections::BTreeMap;

use socle_kernel::{Amount, Day, TenantId, TooLarge};

use super::{Column, Part, part};
use crate::{
    Flow, PostedLeg,
    engine::{
        changes::{Changes, EntryRow},
        standing::AccountKey,
    },
    sql::write::columns::{amounts, ids, maybe_ids, texts},
};

/// Draws the journal numbers of a batch: one row a tenant, locked until the commit.
pub(in crate::sql::write) const HEADS: &str = "
    insert into {schema}.journal as j (tenant_id, number)
    select r.* from unnest(@1::uuid[], @2::int8[]) as r (tenant_id, number)
    where $1::uuid is null or r.tenant_id = $1
    order by r.tenant_id
    on conflict (tenant_id) do update set number = j.number + excluded.number
    returning j.tenant_id, j.number";

pub(super) fn heads(changes: &Changes) -> Option<Part> {
    let mut counts: BTreeMap<TenantId, i64> = BTreeMap::new();
    for it in &changes.posted {
        *counts.entry(it.tenant).or_default() += 1;
    }
    let numbers = counts.values().copied().collect();
    part(HEADS, vec![ids(counts.into_keys()), Column::Int8(numbers)])
}

/// `behind` says how many of the tenant's transfers follow in the same batch.
const TRANSFERS: &str = "
    insert into {schema}.transfer
        (tenant_id, id, number, kind, flow, recorded_at, effective_at, accounts, seqs,
         actortype, actorid, correlation, reason, reverses, hold_id, fingerprint)
    select r.tenant_id, r.id, head.number - r.behind, r.kind, r.flow, r.recorded_at,
           r.effective_at, (@8::uuid[])[r.first:r.last], (@9::int8[])[r.first:r.last],
           r.actortype, r.actorid, r.correlation, r.reason, r.reverses, r.hold_id, r.fingerprint
    from unnest(
        @1::uuid[], @2::uuid[], @3::int8[], @4::text[], @5::int2[], @6::timestamptz[],
        @7::timestamptz[], @10::int4[], @11::int4[], @12::text[], @13::text[], @14::uuid[],
        @15::text[], @16::uuid[], @17::uuid[], @18::int8[]
    ) as r (tenant_id, id, behind, kind, flow, recorded_at, effective_at, first, last,
            actortype, actorid, correlation, reason, reverses, hold_id, fingerprint)
    join head on head.tenant_id = r.tenant_id
    where $1::uuid is null or r.tenant_id = $1";

pub(super) fn transfers(changes: &Changes) -> Option<Part> {
    let rows = &changes.posted;
    let legs = || rows.iter().flat_map(|it| &it.posted.legs);
    let (firsts, lasts) = slices(rows.iter().map(|it| it.posted.legs.len()));
    part(
        TRANSFERS,
        vec![
            ids(rows.iter().map(|it| it.tenant)),
            ids(rows.iter().map(|it| it.posted.id)),
            Column::Int8(changes.behind()),
            texts(rows.iter().map(|it| &it.posted.kind)),
            Column::Int2(rows.iter().map(|it| it.posted.flow.code()).collect()),
            Column::Time(rows.iter().map(|it| it.posted.recorded_at).collect()),
            Column::Time(rows.iter().map(|it| it.posted.effective_at).collect()),
            ids(legs().map(|it| it.account)),
            Column::Int8(legs().map(|it| it.seq).collect()),
            Column::Int4(firsts),
            Column::Int4(lasts),
            texts(rows.iter().map(|it| it.author.actortype)),
            texts(rows.iter().map(|it| &it.author.actorid)),
            Column::Uuid(rows.iter().map(|it| it.author.correlationid).collect()),
            Column::MaybeText(rows.iter().map(|it| it.posted.reason.clone()).collect()),
            maybe_ids(rows.iter().map(|it| it.posted.reverses)),
            maybe_ids(rows.iter().map(|it| it.posted.hold)),
            Column::Int8(rows.iter().map(|it| it.fingerprint).collect()),
        ],
    )
}

/// Where each row's part begins and ends in the array of all parts, from 1.
pub(super) fn slices(lengths: impl Iterator<Item = usize>) -> (Vec<i32>, Vec<i32>) {
    let mut end = 0_i32;
    let each = lengths.map(|it| {
        let first = end + 1;
        end += i32::try_from(it).expect("a batch is bounded");
        (first, end)
    });
    each.unzip()
}

const ENTRIES: &str = "
    insert into {schema}.entry
        (tenant_id, account_id, seq, transfer_id, amount, balance, effective_at, flow)
    select r.* from unnest(
        @1::uuid[], @2::uuid[], @3::int8[], @4::uuid[], @5::int8[], @6::int8[], @7::timestamptz[],
        @8::int2[]
    ) as r (tenant_id, account_id, seq, transfer_id, amount, balance, effective_at, flow)
    where $1::uuid is null or r.tenant_id = $1";

pub(super) fn entries(changes: &Changes) -> Option<Part> {
    let rows = &changes.entries;
    let leg = |it: &EntryRow| &changes.posted[it.of].posted.legs[it.leg];
    let posted = |it: &EntryRow| &changes.posted[it.of].posted;
    part(
        ENTRIES,
        vec![
            ids(rows.iter().map(|it| it.account.0)),
            ids(rows.iter().map(|it| it.account.1)),
            Column::Int8(rows.iter().map(|it| leg(it).seq).collect()),
            ids(rows.iter().map(|it| posted(it).id)),
            amounts(rows.iter().map(|it| leg(it).amount)),
            amounts(rows.iter().map(|it| leg(it).balance)),
            Column::Time(rows.iter().map(|it| posted(it).effective_at).collect()),
            Column::Int2(rows.iter().map(|it| posted(it).flow.code()).collect()),
        ],
    )
}

const ROLLUPS: &str = "
    insert into {schema}.rollup as d (tenant_id, account_id, day, credit, debit, expired)
    select r.* from unnest(
        @1::uuid[], @2::uuid[], @3::date[], @4::int8[], @5::int8[], @6::int8[]
    ) as r (tenant_id, account_id, day, credit, debit, expired)
    where $1::uuid is null or r.tenant_id = $1
    on conflict (tenant_id, account_id, day) do update
    set credit = d.credit + excluded.credit, debit = d.debit + excluded.debit,
        expired = d.expired + excluded.expired";

pub(super) fn rollups(changes: &Changes) -> Result<Option<Part>, TooLarge> {
    let mut days: BTreeMap<(AccountKey, Day), [Amount; 3]> = BTreeMap::new();
    for it in &changes.entries {
        let posted = &changes.posted[it.of].posted;
        let sums = days.entry((it.account, posted.effective_at.day())).or_default();
        for (sum, side) in sums.iter_mut().zip(sides(posted.flow, &posted.legs[it.leg])) {
            *sum = sum.plus(side)?;
        }
    }
    Ok(part(
        ROLLUPS,
        vec![
            ids(days.keys().map(|it| it.0.0)),
            ids(days.keys().map(|it| it.0.1)),
            Column::Day(days.keys().map(|it| it.1).collect()),
            amounts(days.values().map(|it| it[0])),
            amounts(days.values().map(|it| it[1])),
            amounts(days.values().map(|it| it[2])),
        ],
    ))
}

/// How an entry counts: credit, debit, expired, so that the balance is the first less the others.
fn sides(flow: Flow, leg: &PostedLeg) -> [Amount; 3] {
    const NONE: Amount = Amount::ZERO;
    let amount = leg.amount;
    match (flow, leg.amount.is_negative()) {
        (Flow::Plain, false) | (Flow::Correction, true) => [amount, NONE, NONE],
        (Flow::Plain, true) | (Flow::Correction, false) => [NONE, -amount, NONE],
        (Flow::Expiry, _) => [NONE, NONE, -amount],
    }
}

const MOVES: &str = "
    insert into {schema}.lot_move (tenant_id, account_id, entry_seq, lot_seq, amount)
    select r.* from unnest(@1::uuid[], @2::uuid[], @3::int8[], @4::int8[], @5::int8[])
        as r (tenant_id, account_id, entry_seq, lot_seq, amount)
    where $1::uuid is null or r.tenant_id = $1";

pub(super) fn moves(changes: &Changes) -> Option<Part> {
    let rows = &changes.moves;
    part(
        MOVES,
        vec![
            ids(rows.iter().map(|it| it.0.0)),
            ids(rows.iter().map(|it| it.0.1)),
            Column::Int8(rows.iter().map(|it| it.1.entry_seq).collect()),
            Column::Int8(rows.iter().map(|it| it.1.lot_seq).collect()),
            amounts(rows.iter().map(|it| it.1.amount)),
        ],
    )
}
