//! Loading, under lock, what a batch needs.

use socle_kernel::{AccountId, Amount, Asset, Fault, HoldId, TenantId, Timestamp, TransferId};

use super::Books;
use crate::{
    Account, Bounds, Owner, Purpose, Side,
    engine::standing::AccountKey,
    hold::{Hold, HoldState},
    lot::{Lot, LotMove},
};

const ACCOUNTS: &str = "
    select a.tenant_id, a.id, a.asset, a.owner, a.purpose, a.side, a.floor, a.ceiling,
           a.expires_to, a.is_closed, a.balance, a.pending_debit, a.pending_credit, a.seq,
           a.recorded_at
    from {schema}.account as a
    join unnest($2::uuid[], $3::uuid[]) as asked (tenant_id, id) using (tenant_id, id)
    where $1::uuid is null or a.tenant_id = $1
    order by a.tenant_id, a.id for no key update of a";

#[derive(sqlx::FromRow)]
pub(crate) struct AccountRow {
    pub(crate) tenant_id: TenantId,
    id: AccountId,
    asset: Asset,
    owner: Owner,
    purpose: Purpose,
    side: i16,
    floor: Option<Amount>,
    ceiling: Option<Amount>,
    expires_to: Option<AccountId>,
    is_closed: bool,
    balance: Amount,
    pending_debit: Amount,
    pending_credit: Amount,
    seq: i64,
    recorded_at: Timestamp,
}

/// Locks these accounts, in the order of their keys, until the transaction ends.
pub(crate) async fn accounts(
    books: &mut Books<'_>,
    keys: &[AccountKey],
) -> Result<Vec<(TenantId, Account)>, Fault> {
    let (tenants, ids) = split(keys);
    let statement = books.sql(ACCOUNTS).bind(tenants).bind(ids);
    let rows: Vec<AccountRow> = statement.all("lock the accounts").await?;
    Ok(rows.into_iter().map(|it| (it.tenant_id, Account::from(it))).collect())
}

const EXPIRES_TO: &str = "
    select a.tenant_id, a.expires_to
    from {schema}.account as a
    join unnest($2::uuid[], $3::uuid[]) as asked (tenant_id, id) using (tenant_id, id)
    where ($1::uuid is null or a.tenant_id = $1) and a.expires_to is not null";

/// Where the expired value of these accounts goes; it never changes.
pub(crate) async fn expires_to(
    books: &mut Books<'_>,
    keys: &[AccountKey],
) -> Result<Vec<AccountKey>, Fault> {
    let (tenants, ids) = split(keys);
    books.sql(EXPIRES_TO).bind(tenants).bind(ids).all("see where expired value goes").await
}

const LOTS: &str = "
    select l.tenant_id, l.account_id, l.seq, l.transfer_id, l.amount, l.remaining, l.reserved,
           l.effective_at, l.expires_at
    from {schema}.lot as l
    join unnest($2::uuid[], $3::uuid[]) as asked (tenant_id, account_id)
        using (tenant_id, account_id)
    where ($1::uuid is null or l.tenant_id = $1) and 0 < l.remaining";

const LOTS_NAMED: &str = "
    select l.tenant_id, l.account_id, l.seq, l.transfer_id, l.amount, l.remaining, l.reserved,
           l.effective_at, l.expires_at
    from {schema}.lot as l
    join unnest($2::uuid[], $3::uuid[], $4::int8[]) as asked (tenant_id, account_id, seq)
        using (tenant_id, account_id, seq)
    where ($1::uuid is null or l.tenant_id = $1) and l.remaining = 0";

#[derive(sqlx::FromRow)]
struct LotRow {
    tenant_id: TenantId,
    account_id: AccountId,
    seq: i64,
    transfer_id: TransferId,
    amount: Amount,
    remaining: Amount,
    reserved: Amount,
    effective_at: Timestamp,
    expires_at: Option<Timestamp>,
}

/// The lots of these accounts that are not used up, and of the named ones those that are.
pub(crate) async fn lots(
    books: &mut Books<'_>,
    keys: &[AccountKey],
    named: &[(AccountKey, i64)],
) -> Result<Vec<(AccountKey, Lot)>, Fault> {
    let (tenants, ids) = split(keys);
    let statement = books.sql(LOTS).bind(tenants).bind(ids);
    let mut rows: Vec<LotRow> = statement.all("load the lots").await?;
    if !named.is_empty() {
        let (tenants, ids) = split(&named.iter().map(|it| it.0).collect::<Vec<_>>());
        let seqs: Vec<i64> = named.iter().map(|it| it.1).collect();
        let statement = books.sql(LOTS_NAMED).bind(tenants).bind(ids).bind(seqs);
        rows.append(&mut statement.all("load the lots that were used up").await?);
    }
    Ok(rows.into_iter().map(<(AccountKey, Lot)>::from).collect())
}

const HOLDS: &str = "
    select h.tenant_id, h.id, h.account_id, h.counter_id, h.amount, h.captured, h.state, h.kind,
           h.recorded_at, h.expires_at, h.fingerprint, parts.seqs, parts.amounts
    from (
        select tenant_id, id from unnest($2::uuid[], $3::uuid[]) as asked (tenant_id, id)
        union
        select d.tenant_id, d.id
        from unnest($4::uuid[], $5::uuid[]) as busy (tenant_id, account_id)
        join {schema}.hold as d on d.tenant_id = busy.tenant_id
            and d.account_id = busy.account_id and d.state = 'open' and d.expires_at <= $6
        union
        select d.tenant_id, d.id
        from unnest($4::uuid[], $5::uuid[]) as busy (tenant_id, account_id)
        join {schema}.hold as d on d.tenant_id = busy.tenant_id
            and d.counter_id = busy.account_id and d.state = 'open' and d.expires_at <= $6
    ) as wanted
    join {schema}.hold as h on h.tenant_id = wanted.tenant_id and h.id = wanted.id
    cross join lateral (
        select coalesce(array_agg(p.lot_seq order by p.lot_seq), '{}') as seqs,
               coalesce(array_agg(p.amount order by p.lot_seq), '{}') as amounts
        from {schema}.hold_lot as p
        where p.tenant_id = h.tenant_id and p.hold_id = h.id
    ) as parts
    where $1::uuid is null or h.tenant_id = $1";

#[derive(sqlx::FromRow)]
pub(crate) struct HoldRow {
    pub(crate) tenant_id: TenantId,
    id: HoldId,
    account_id: AccountId,
    counter_id: AccountId,
    amount: Amount,
    captured: Amount,
    state: String,
    kind: String,
    recorded_at: Timestamp,
    expires_at: Timestamp,
    fingerprint: i64,
    seqs: Vec<i64>,
    amounts: Vec<Amount>,
}

/// These holds, and the holds over these accounts that the clock has ended by `now`.
pub(crate) async fn holds(
    books: &mut Books<'_>,
    ids: &[(TenantId, HoldId)],
    busy: &[AccountKey],
    now: Timestamp,
) -> Result<Vec<(TenantId, Hold)>, Fault> {
    let (tenants, accounts) = split(busy);
    let rows: Vec<HoldRow> = books
        .sql(HOLDS)
        .bind(ids.iter().map(|it| it.0).collect::<Vec<_>>())
        .bind(ids.iter().map(|it| it.1).collect::<Vec<_>>())
        .bind(tenants)
        .bind(accounts)
        .bind(now)
        .all("load the holds")
        .await?;
    Ok(rows.into_iter().map(|it| (it.tenant_id, Hold::from(it))).collect())
}

const MOVES: &str = "
    select t.tenant_id, t.id as transfer_id, m.account_id, m.entry_seq, m.lot_seq, m.amount,
           exists (select from {schema}.transfer as r
                   where r.tenant_id = t.tenant_id and r.reverses = t.id) as is_reversed
    from unnest($2::uuid[], $3::uuid[]) as asked (tenant_id, id)
    join {schema}.transfer as t on t.tenant_id = asked.tenant_id and t.id = asked.id
    cross join lateral unnest(t.accounts, t.seqs) as leg (account_id, seq)
    left join {schema}.lot_move as m on m.tenant_id = t.tenant_id
        and m.account_id = leg.account_id and m.entry_seq = leg.seq
    where $1::uuid is null or t.tenant_id = $1";

#[derive(sqlx::FromRow)]
pub(crate) struct MoveRow {
    pub(crate) tenant_id: TenantId,
    pub(crate) transfer_id: TransferId,
    pub(crate) is_reversed: bool,
    account_id: Option<AccountId>,
    entry_seq: Option<i64>,
    lot_seq: Option<i64>,
    amount: Option<Amount>,
}

/// What these transfers took from lots, and whether they have been reversed.
pub(crate) async fn moves(
    books: &mut Books<'_>,
    ids: &[(TenantId, TransferId)],
) -> Result<Vec<MoveRow>, Fault> {
    books
        .sql(MOVES)
        .bind(ids.iter().map(|it| it.0).collect::<Vec<_>>())
        .bind(ids.iter().map(|it| it.1).collect::<Vec<_>>())
        .all("load what is to be reversed")
        .await
}

impl MoveRow {
    /// The move, where the leg had one.
    pub(crate) fn lot_move(&self) -> Option<(AccountId, LotMove)> {
        let (entry_seq, lot_seq, amount) = (self.entry_seq?, self.lot_seq?, self.amount?);
        Some((self.account_id?, LotMove { entry_seq, lot_seq, amount }))
    }
}

const ARE_THERE: &str = "
    select exists (
        select from {schema}.transfer as t
        join unnest($2::uuid[], $3::uuid[]) as asked (tenant_id, id) using (tenant_id, id)
        where $1::uuid is null or t.tenant_id = $1
    )";

/// Whether one of these transfers has been posted.
pub(crate) async fn is_any_there(
    books: &mut Books<'_>,
    ids: &[(TenantId, TransferId)],
) -> Result<bool, Fault> {
    let (tenants, ids): (Vec<_>, Vec<_>) = ids.iter().copied().unzip();
    let statement = books.sql(ARE_THERE).bind(tenants).bind(ids);
    let (are_there,) = statement.one("look for the transactions").await?;
    Ok(are_there)
}

/// Keys as two columns.
fn split(keys: &[AccountKey]) -> (Vec<TenantId>, Vec<AccountId>) {
    keys.iter().copied().unzip()
}

impl From<AccountRow> for Account {
    fn from(it: AccountRow) -> Self {
        Self {
            id: it.id,
            asset: it.asset,
            owner: it.owner,
            purpose: it.purpose,
            side: if it.side == Side::Credit.sign() { Side::Credit } else { Side::Debit },
            bounds: Bounds { floor: it.floor, ceiling: it.ceiling },
            expires_to: it.expires_to,
            is_closed: it.is_closed,
            balance: it.balance,
            pending_debit: it.pending_debit,
            pending_credit: it.pending_credit,
            seq: it.seq,
            recorded_at: it.recorded_at,
        }
    }
}

impl From<LotRow> for (AccountKey, Lot) {
    fn from(it: LotRow) -> Self {
        let lot = Lot {
            seq: it.seq,
            transfer: it.transfer_id,
            amount: it.amount,
            remaining: it.remaining,
            reserved: it.reserved,
            effective_at: it.effective_at,
            expires_at: it.expires_at,
        };
        ((it.tenant_id, it.account_id), lot)
    }
}

impl From<HoldRow> for Hold {
    fn from(it: HoldRow) -> Self {
        Self {
            id: it.id,
            kind: it.kind,
            account: it.account_id,
            counter: it.counter_id,
            amount: it.amount,
            captured: it.captured,
            state: HoldState::of(&it.state).expect("the table checks the state"),
            recorded_at: it.recorded_at,
            expires_at: it.expires_at,
            fingerprint: it.fingerprint,
            parts: it.seqs.into_iter().zip(it.amounts).collect(),
        }
    }
}
