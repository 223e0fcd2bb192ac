//! What must hold of a contestant's database after its rounds, recomputed from entries.

use socle_books::verify::{self, Announced, Tenants};
use socle_kernel::Event;
use sqlx::AssertSqlSafe;

use crate::{
    Failed,
    deal::TransactionPosted,
    place::{Ground, MODULE},
    round::Tally,
};

/// Each counts what is wrong: none may find anything.
const CHECKS: [(&str, &str); 8] = [
    (
        "assets whose entries do not sum to zero",
        "select count(*) from (
             select from socle_bench.entry e
             join socle_bench.account a on (a.tenant_id, a.id) = (e.tenant_id, e.account_id)
             group by a.tenant_id, a.asset having sum(e.amount) <> 0) as it",
    ),
    (
        "transfers whose entries do not sum to zero, or that have not two",
        "select count(*) from (
             select from socle_bench.transfer t
             left join socle_bench.entry e on (e.tenant_id, e.transfer_id) = (t.tenant_id, t.id)
             group by t.tenant_id, t.id
             having sum(e.amount) <> 0 or count(e.*) <> 2) as it",
    ),
    (
        "accounts that differ from their entries",
        "select count(*) from socle_bench.account a
         left join (select tenant_id, account_id, sum(amount) as balance, max(seq) as last,
                           count(*) as entries
                    from socle_bench.entry group by 1, 2) as e
             on (e.tenant_id, e.account_id) = (a.tenant_id, a.id)
         where a.balance <> coalesce(e.balance, 0) or a.seq <> coalesce(e.last, 0)
             or a.seq <> coalesce(e.entries, 0) or a.balance < a.floor",
    ),
    (
        "running balances that are not the sum so far",
        "select count(*) from (
             select balance, sum(amount) over (partition by tenant_id, account_id order by seq)
                 as so_far from socle_bench.entry) as it where balance <> so_far",
    ),
    (
        "days that differ from their entries",
        "select count(*) from (
             select tenant_id, account_id, (effective_at at time zone 'utc')::date as day,
                    sum(amount) as sum
             from socle_bench.entry group by 1, 2, 3) as e
         full join socle_bench.rollup r using (tenant_id, account_id, day)
         where r.credit - r.debit - r.expired is distinct from e.sum",
    ),
    (
        "journals with a gap",
        "select count(*) from socle_bench.journal j
         full join (select tenant_id, count(*) as transfers, max(number) as last,
                           min(number) as first
                    from socle_bench.transfer group by 1) as t using (tenant_id)
         where (t.transfers, t.last, t.first) is distinct from (j.number, j.number, 1)",
    ),
    (
        "keys that answer neither with a transfer nor with a refusal",
        "select count(*) from socle_bench.idempotency k
         where (k.refusal is null) <> exists (
             select from socle_bench.transfer t
             where t.tenant_id = k.tenant_id and t.id = k.transfers[1])",
    ),
    (
        "transfers and events without each other",
        "select count(*) from (select t.tenant_id, t.id from socle_bench.transfer t
                               join socle_bench.idempotency k
                                   on k.tenant_id = t.tenant_id and k.transfers[1] = t.id) as t
         full join socle_bench.outbox o
             on o.tenant_id = t.tenant_id and o.id = t.id
         where o.id is null or t.id is null",
    ),
];

/// Verifies the database, and that it holds what the callers were told.
pub(crate) async fn verify(ground: &Ground, told: &Tally) -> Result<(), Failed> {
    let mut admin = ground.admin().await?;
    for (what, check) in CHECKS {
        let found: i64 = sqlx::query_scalar(check).fetch_one(&mut admin).await?;
        if found != 0 {
            return Err(Failed::because(format!("{found} {what}")));
        }
    }
    let told = [("transfer", told.posted), ("idempotency where refusal is not null", told.refused)];
    for (table, told) in told {
        let sql = format!("select count(*) from socle_bench.{table}");
        let found: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut admin).await?;
        if u64::try_from(found) != Ok(told) {
            return Err(Failed::because(format!("{told} were told of, {found} are in {table}")));
        }
    }
    as_the_books_do(ground).await
}

/// The product's own verification, over the hand-written rows too.
async fn as_the_books_do(ground: &Ground) -> Result<(), Failed> {
    let (database, each) = (ground.open(), Announced::Each(TransactionPosted::TYPE));
    let report = verify::verify(&database.module(MODULE.name), Tenants::All, each, &[]).await?;
    database.close().await;
    match report.differences.first() {
        None if report.is_conserved => Ok(()),
        first => Err(Failed::because(format!("the books do not agree: {first:?}"))),
    }
}
