//! What inspections found.

use socle_db::{Db, SystemTx};
use socle_kernel::{Fault, Timestamp};

use crate::{inspection::Inspection, verify::Report};

const KEEP: &str = "
    insert into {schema}.inspection
        (id, began_at, accounts, transactions, entries, is_conserved, differences)
    select $2, $3, $4, $5, $6, $7, $8 where $1::uuid is null
    on conflict (id) do nothing";

const KEEP_FINDINGS: &str = "
    insert into {schema}.inspection_finding
        (tenant_id, inspection_id, place, check_name, subject, says)
    select r.tenant_id, $2, r.place, r.check_name, r.subject, r.says
    from unnest($3::uuid[], $4::text[], $5::text[], $6::text[]) with ordinality
        as r (tenant_id, check_name, subject, says, place)
    where $1::uuid is null or r.tenant_id = $1";

/// Keeps what was found, unless it is kept already.
pub(crate) async fn keep(db: &Db, it: &Inspection, report: &Report) -> Result<(), Fault> {
    db.run_system(async |tx: &mut SystemTx| {
        let statement = tx.template(KEEP).bind(it.id).bind(it.began_at).bind(report.accounts);
        let statement = statement.bind(report.transactions).bind(report.entries);
        let statement = statement.bind(it.is_conserved).bind(it.differences);
        let is_new = 0 < statement.run("keep the inspection").await?;
        if is_new && !report.differences.is_empty() {
            let found = &report.differences;
            tx.template(KEEP_FINDINGS)
                .bind(it.id)
                .bind(found.iter().map(|it| it.tenant).collect::<Vec<_>>())
                .bind(found.iter().map(|it| it.check).collect::<Vec<_>>())
                .bind(found.iter().map(|it| it.subject.clone()).collect::<Vec<_>>())
                .bind(found.iter().map(|it| it.says.clone()).collect::<Vec<_>>())
                .run("keep what the inspection found")
                .await?;
        }
        Ok(())
    })
    .await
}

const FORGET_FINDINGS: &str = "
    delete from {schema}.inspection_finding as f
    using {schema}.inspection as i
    where f.inspection_id = i.id and i.began_at <= $2 - interval '90 days'
        and ($1::uuid is null or f.tenant_id = $1)";

const FORGET: &str = "
    delete from {schema}.inspection as i
    where i.began_at <= $2 - interval '90 days' and $1::uuid is null";

/// Forgets what was found a quarter of a year before `now`.
pub(crate) async fn forget(db: &Db, now: Timestamp) -> Result<(), Fault> {
    db.run_system(async |tx: &mut SystemTx| {
        tx.template(FORGET_FINDINGS).bind(now).run("forget what inspections found").await?;
        tx.template(FORGET).bind(now).run("forget the inspections").await.map(drop)
    })
    .await
}

const LAST: &str = "
    select i.id, i.began_at, i.is_conserved, i.differences from {schema}.inspection as i
    where $1::uuid is null order by i.began_at desc limit 1";

pub(crate) async fn last(db: &Db) -> Result<Option<Inspection>, Fault> {
    db.run_system(async |tx: &mut SystemTx| {
        tx.template(LAST).maybe("find the latest inspection").await
    })
    .await
}
