//! Recomputing the books: each check is one statement that finds what differs.
//!
//! `$1` is null here; `$2` is the one tenant to look at, or null. A check goes over whole tables
//! by sorting and hashing, so what does not fit into its memory passes through temporary files.
//! Sums of what may be damaged are `numeric`: they cannot overflow.

mod accounts;
mod entries;
mod holds;
mod lots;
mod outbox;
mod rollups;
mod transfers;

use socle_db::{Statement, SystemTx};
use socle_kernel::{Fault, TenantId};
use uuid::Uuid;

/// A check: what it is called, what its differences are about, and how they are found.
#[derive(Debug)]
pub struct Check {
    pub name: &'static str,
    pub about: About,
    /// Made with [`differences!`](crate::differences): `$2` is the one tenant to look at, or null.
    pub sql: &'static str,
}

/// What a difference is about.
#[derive(Debug, Clone, Copy)]
pub enum About {
    Tenant,
    Account,
    /// An entry or the lot it brought, by its `seq`.
    Entry,
    Transfer,
    Hold,
    Event,
    /// Something of the module's own, by the prefix of its identifiers.
    Own(&'static str),
}

/// What must hold in any books.
pub(crate) const BOOKS: [&[Check]; 6] = [
    transfers::CHECKS,
    entries::CHECKS,
    accounts::CHECKS,
    rollups::CHECKS,
    lots::CHECKS,
    holds::CHECKS,
];

/// What must hold where each transfer has its event; `$3` is the event's type.
pub(crate) const OUTBOX: &[Check] = outbox::CHECKS;

/// Of one check, the first differences, and how many there are, from a `select` of `tenant_id`,
/// `subject` (an identifier), `seq` (of an entry, else null), what was expected and what was found.
///
/// All of them are found before the
/// first are taken, so that no plan hopes to be done early: mostly there is none.
#[macro_export]
macro_rules! differences {
    ($found:literal) => {
        concat!(
            "
    with d as materialized (
        select it.tenant_id, it.subject, it.seq, it.expected::text as expected,
               it.found::text as found
        from (",
            $found,
            "
        ) as it (tenant_id, subject, seq, expected, found)
        where ($1::uuid is null or it.tenant_id = $1)
            and ($2::uuid is null or it.tenant_id = $2)
    )
    select d.tenant_id, d.subject, d.seq, d.expected, d.found, count(*) over () as total
    from d
    order by d.tenant_id, d.subject, d.seq, d.expected limit 100"
        )
    };
}

pub(crate) use differences;

/// What one check found in one place.
#[derive(sqlx::FromRow)]
pub(crate) struct Finding {
    pub(crate) tenant_id: TenantId,
    pub(crate) subject: Uuid,
    pub(crate) seq: Option<i64>,
    pub(crate) expected: String,
    pub(crate) found: String,
    /// How many of them the check found, of which only the first are returned.
    pub(crate) total: i64,
}

/// How much there is, and whether it sums to zero.
#[derive(sqlx::FromRow)]
pub(crate) struct Totals {
    pub(crate) accounts: i64,
    pub(crate) transactions: i64,
    pub(crate) entries: i64,
    pub(crate) is_conserved: bool,
}

/// `work_mem` is for one sort or hash: each statement has a handful, twice with its workers. Whole
/// tables are joined by a hash of the whole key, which is linear whatever the statistics say; a
/// loop, or a merge by the tenant alone, would never end.
const SETTINGS: &str = "
    select set_config('work_mem', '32MB', true), set_config('jit', 'off', true),
           set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true),
           set_config('plan_cache_mode', 'force_custom_plan', true)
    where $1::uuid is null";

/// Makes room for statements that go over whole tables.
pub(crate) async fn settle(tx: &mut SystemTx) -> Result<(), Fault> {
    tx.template(SETTINGS).run("make room for verifying").await.map(drop)
}

const TOTALS: &str = "
    select (select count(*) from {schema}.account as a
            where $2::uuid is null or a.tenant_id = $2) as accounts,
           (select count(*) from {schema}.transfer as t
            where $2::uuid is null or t.tenant_id = $2) as transactions,
           (select count(*) from {schema}.entry as e
            where $2::uuid is null or e.tenant_id = $2) as entries,
           not exists (
               select from {schema}.entry as e
               left join {schema}.account as a
                   on a.tenant_id = e.tenant_id and a.id = e.account_id
               where $2::uuid is null or e.tenant_id = $2
               group by e.tenant_id, a.asset having sum(e.amount) <> 0
           ) as is_conserved
    where $1::uuid is null";

pub(crate) async fn totals(tx: &mut SystemTx, of: Option<TenantId>) -> Result<Totals, Fault> {
    tx.template(TOTALS).bind(of).one("count the books").await
}

/// A check of the books, ready to run.
pub(crate) fn on_books<'t>(
    tx: &'t mut SystemTx,
    check: &Check,
    of: Option<TenantId>,
) -> Statement<'t> {
    tx.template(check.sql).bind(of)
}

/// A check of the outbox, ready to run.
pub(crate) fn on_outbox<'t>(
    tx: &'t mut SystemTx,
    check: &Check,
    of: Option<TenantId>,
    event_type: &'static str,
) -> Statement<'t> {
    on_books(tx, check, of).bind(event_type)
}
