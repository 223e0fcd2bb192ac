//! Parts that bring holds up to date.

use socle_kernel::TenantId;

use super::{Column, Part, part};
use crate::{
    engine::{changes::Changes, standing::Standing},
    hold::Hold,
    sql::write::columns::{amounts, ids, texts},
};

const PLACED: &str = "
    insert into {schema}.hold
        (tenant_id, id, account_id, counter_id, amount, captured, state, kind, recorded_at,
         expires_at, fingerprint)
    select r.* from unnest(
        @1::uuid[], @2::uuid[], @3::uuid[], @4::uuid[], @5::int8[], @6::int8[], @7::text[],
        @8::text[], @9::timestamptz[], @10::timestamptz[], @11::int8[]
    ) as r (tenant_id, id, account_id, counter_id, amount, captured, state, kind, recorded_at,
            expires_at, fingerprint)
    where $1::uuid is null or r.tenant_id = $1";

pub(super) fn placed(standing: &Standing, changes: &Changes) -> Option<Part> {
    let of: Vec<_> = changes.holds_placed.iter().map(|it| (it.0, &standing.holds[it])).collect();
    let each = || of.iter().map(|it| it.1);
    part(
        PLACED,
        vec![
            ids(of.iter().map(|it| it.0)),
            ids(each().map(|it| it.id)),
            ids(each().map(|it| it.account)),
            ids(each().map(|it| it.counter)),
            amounts(each().map(|it| it.amount)),
            amounts(each().map(|it| it.captured)),
            texts(each().map(|it| it.state.as_str())),
            texts(each().map(|it| &it.kind)),
            Column::Time(each().map(|it| it.recorded_at).collect()),
            Column::Time(each().map(|it| it.expires_at).collect()),
            Column::Int8(each().map(|it| it.fingerprint).collect()),
        ],
    )
}

const CHANGED: &str = "
    update {schema}.hold as h set captured = r.captured, state = r.state
    from unnest(@1::uuid[], @2::uuid[], @3::int8[], @4::text[])
        as r (tenant_id, id, captured, state)
    where h.tenant_id = r.tenant_id and h.id = r.id and ($1::uuid is null or h.tenant_id = $1)";

pub(super) fn changed(standing: &Standing, changes: &Changes) -> Option<Part> {
    let of = that_changed(standing, changes);
    part(
        CHANGED,
        vec![
            ids(of.iter().map(|it| it.0)),
            ids(of.iter().map(|it| it.1.id)),
            amounts(of.iter().map(|it| it.1.captured)),
            texts(of.iter().map(|it| it.1.state.as_str())),
        ],
    )
}

const LOTS_PLACED: &str = "
    insert into {schema}.hold_lot (tenant_id, hold_id, account_id, lot_seq, amount)
    select r.* from unnest(@1::uuid[], @2::uuid[], @3::uuid[], @4::int8[], @5::int8[])
        as r (tenant_id, hold_id, account_id, lot_seq, amount)
    where $1::uuid is null or r.tenant_id = $1";

pub(super) fn lots_placed(standing: &Standing, changes: &Changes) -> Option<Part> {
    let placed = changes.holds_placed.iter().map(|it| (it.0, &standing.holds[it]));
    part(LOTS_PLACED, lots(placed))
}

const LOTS_CHANGED: &str = "
    update {schema}.hold_lot as p set amount = r.amount
    from unnest(@1::uuid[], @2::uuid[], @3::uuid[], @4::int8[], @5::int8[])
        as r (tenant_id, hold_id, account_id, lot_seq, amount)
    where p.tenant_id = r.tenant_id and p.hold_id = r.hold_id and p.lot_seq = r.lot_seq
        and ($1::uuid is null or p.tenant_id = $1)";

pub(super) fn lots_changed(standing: &Standing, changes: &Changes) -> Option<Part> {
    part(LOTS_CHANGED, lots(that_changed(standing, changes)))
}

fn that_changed<'s>(standing: &'s Standing, changes: &Changes) -> Vec<(TenantId, &'s Hold)> {
    let kept = changes.holds_changed.iter().filter(|it| !changes.holds_placed.contains(it));
    kept.filter_map(|it| Some((it.0, standing.holds.get(it)?))).collect()
}

fn lots<'s>(holds: impl IntoIterator<Item = (TenantId, &'s Hold)>) -> Vec<Column> {
    let rows = holds
        .into_iter()
        .flat_map(|(tenant, hold)| hold.parts.iter().map(move |part| (tenant, hold, *part)));
    let rows: Vec<_> = rows.collect();
    vec![
        ids(rows.iter().map(|it| it.0)),
        ids(rows.iter().map(|it| it.1.id)),
        ids(rows.iter().map(|it| it.1.account)),
        Column::Int8(rows.iter().map(|it| it.2.0).collect()),
        amounts(rows.iter().map(|it| it.2.1)),
    ]
}
