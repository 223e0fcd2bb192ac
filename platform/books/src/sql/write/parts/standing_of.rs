//! Parts that bring accounts and lots up to date.

use socle_kernel::{AccountId, Amount, TenantId};

use super::{Column, Part, part};
use crate::{
    account::Account,
    engine::{
        changes::Changes,
        standing::{AccountKey, Standing},
    },
    lot::Lot,
    sql::write::columns::{amounts, ids, maybe_ids, texts},
};

const OPENED: &str = "
    insert into {schema}.account
        (tenant_id, id, asset, owner, purpose, side, floor, ceiling, expires_to,
         is_closed, balance, pending_debit, pending_credit, seq, recorded_at)
    select r.* from unnest(
        @1::uuid[], @2::uuid[], @3::text[], @4::text[], @5::text[], @6::int2[], @7::int8[],
        @8::int8[], @9::uuid[], @10::bool[], @11::int8[], @12::int8[], @13::int8[], @14::int8[],
        @15::timestamptz[]
    ) as r (tenant_id, id, asset, owner, purpose, side, floor, ceiling, expires_to,
            is_closed, balance, pending_debit, pending_credit, seq, recorded_at)
    where $1::uuid is null or r.tenant_id = $1";

pub(super) fn opened(standing: &Standing, changes: &Changes) -> Option<Part> {
    let of: Vec<_> = changes.opened.iter().map(|key| (*key, &standing.accounts[key])).collect();
    let bound = |it: Option<Amount>| it.map(Amount::minor);
    let each = || of.iter().map(|it| it.1);
    let mut columns = keys(of.iter().map(|it| it.0));
    columns.extend([
        texts(each().map(|it| &it.asset)),
        texts(each().map(|it| &it.owner)),
        texts(each().map(|it| &it.purpose)),
        Column::Int2(each().map(|it| it.side.sign()).collect()),
        Column::MaybeInt8(each().map(|it| bound(it.bounds.floor)).collect()),
        Column::MaybeInt8(each().map(|it| bound(it.bounds.ceiling)).collect()),
        maybe_ids(each().map(|it| it.expires_to)),
    ]);
    columns.extend(figures(&each().collect::<Vec<_>>()));
    part(OPENED, columns)
}

const CHANGED: &str = "
    update {schema}.account as a
    set is_closed = r.is_closed, balance = r.balance, pending_debit = r.pending_debit,
        pending_credit = r.pending_credit, seq = r.seq, recorded_at = r.recorded_at
    from unnest(
        @1::uuid[], @2::uuid[], @3::bool[], @4::int8[], @5::int8[], @6::int8[], @7::int8[],
        @8::timestamptz[]
    ) as r (tenant_id, id, is_closed, balance, pending_debit, pending_credit, seq, recorded_at)
    where a.tenant_id = r.tenant_id and a.id = r.id and ($1::uuid is null or a.tenant_id = $1)";

pub(super) fn accounts(standing: &Standing, changes: &Changes) -> Option<Part> {
    let new = |key: &&AccountKey| !changes.opened.contains(key);
    let old = changes.accounts_changed.iter().filter(new);
    let of: Vec<_> = old.filter_map(|key| Some((*key, standing.accounts.get(key)?))).collect();
    let mut columns = keys(of.iter().map(|it| it.0));
    columns.extend(figures(&of.iter().map(|it| it.1).collect::<Vec<_>>()));
    part(CHANGED, columns)
}

const LOTS_BROUGHT: &str = "
    insert into {schema}.lot
        (tenant_id, account_id, seq, transfer_id, amount, remaining, reserved, effective_at,
         expires_at)
    select r.* from unnest(
        @1::uuid[], @2::uuid[], @3::int8[], @4::uuid[], @5::int8[], @6::int8[], @7::int8[],
        @8::timestamptz[], @9::timestamptz[]
    ) as r (tenant_id, account_id, seq, transfer_id, amount, remaining, reserved, effective_at,
            expires_at)
    where $1::uuid is null or r.tenant_id = $1";

pub(super) fn lots_brought(standing: &Standing, changes: &Changes) -> Option<Part> {
    let of: Vec<_> = changes.lots_brought.iter().filter_map(|it| lot(standing, *it)).collect();
    let each = || of.iter().map(|it| it.1);
    let mut columns = keys(of.iter().map(|it| it.0));
    columns.extend([
        Column::Int8(each().map(|it| it.seq).collect()),
        ids(each().map(|it| it.transfer)),
        amounts(each().map(|it| it.amount)),
        amounts(each().map(|it| it.remaining)),
        amounts(each().map(|it| it.reserved)),
        Column::Time(each().map(|it| it.effective_at).collect()),
        Column::MaybeTime(each().map(|it| it.expires_at).collect()),
    ]);
    part(LOTS_BROUGHT, columns)
}

const LOTS_CHANGED: &str = "
    update {schema}.lot as l set remaining = r.remaining, reserved = r.reserved
    from unnest(@1::uuid[], @2::uuid[], @3::int8[], @4::int8[], @5::int8[])
        as r (tenant_id, account_id, seq, remaining, reserved)
    where l.tenant_id = r.tenant_id and l.account_id = r.account_id and l.seq = r.seq
        and ($1::uuid is null or l.tenant_id = $1)";

pub(super) fn lots_changed(standing: &Standing, changes: &Changes) -> Option<Part> {
    let new = |it: &&(AccountKey, i64)| !changes.lots_brought.contains(it);
    let old = changes.lots_changed.iter().filter(new);
    let of: Vec<_> = old.filter_map(|it| lot(standing, *it)).collect();
    let mut columns = keys(of.iter().map(|it| it.0));
    columns.extend([
        Column::Int8(of.iter().map(|it| it.1.seq).collect()),
        amounts(of.iter().map(|it| it.1.remaining)),
        amounts(of.iter().map(|it| it.1.reserved)),
    ]);
    part(LOTS_CHANGED, columns)
}

fn keys(all: impl Iterator<Item = AccountKey>) -> Vec<Column> {
    let (tenants, accounts): (Vec<TenantId>, Vec<AccountId>) = all.unzip();
    vec![ids(tenants), ids(accounts)]
}

fn figures(of: &[&Account]) -> Vec<Column> {
    let each = || of.iter();
    vec![
        Column::Bool(each().map(|it| it.is_closed).collect()),
        amounts(each().map(|it| it.balance)),
        amounts(each().map(|it| it.pending_debit)),
        amounts(each().map(|it| it.pending_credit)),
        Column::Int8(each().map(|it| it.seq).collect()),
        Column::Time(each().map(|it| it.recorded_at).collect()),
    ]
}

fn lot(standing: &Standing, (key, seq): (AccountKey, i64)) -> Option<(AccountKey, &Lot)> {
    standing.lots(key).iter().find(|it| it.seq == seq).map(|it| (key, it))
}
