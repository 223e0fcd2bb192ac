//! Verifications that were asked for.

use serde::{Deserialize, Serialize};
use socle_db::{Reader, Tx};
use socle_kernel::{Common, Doing, Fault, Timestamp};
use sqlx::types::Json;

use crate::{
    Error,
    domain::{Finding, Findings, Verification, VerificationId, VerificationState},
};

/// All statements of this file.
pub(super) const STATEMENTS: [&str; 4] = [INSERT, FIND, NOTE, FORGET];

/// Unless `$5` of the tenant's wait already.
const INSERT: &str = "
    insert into socle_ledger.verification (tenant_id, id, state, asked_at)
    select $1, $2, $3, $4
    where (
        select count(*) from (
            select from socle_ledger.verification as v
            where v.tenant_id = $1 and v.state in ('waiting', 'running') limit $5
        ) as open
    ) < $5";

/// Several at once may find room for the last; a few more do not matter.
pub(crate) async fn insert_verification(
    tx: &mut Tx,
    it: &Verification,
    waiting_max: usize,
) -> Result<bool, Fault> {
    let most = i64::try_from(waiting_max).expect("few may wait");
    let statement = tx.sql(INSERT).bind(it.id).bind(it.state.as_str()).bind(it.asked_at);
    Ok(0 < statement.bind(most).run("note the verification").await?)
}

/// What was found, as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    accounts: i64,
    transactions: i64,
    entries: i64,
    is_conserved: bool,
    /// Check, subject, what it says.
    differences: Vec<(String, String, String)>,
    omitted: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: VerificationId,
    state: String,
    asked_at: Timestamp,
    found: Option<Json<Kept>>,
}

const FIND: &str = "
    select id, state, asked_at, found
    from socle_ledger.verification where tenant_id = $1 and id = $2";

/// The verification with this identifier.
pub(crate) async fn find_verification(
    db: Reader<'_>,
    id: VerificationId,
) -> Result<Verification, Error> {
    let row: Option<Row> = db.sql(FIND).bind(id).maybe("find the verification").await?;
    Ok(row.ok_or_else(|| Common::NotFound(id.to_string()))?.try_into()?)
}

/// What is over stays as it is: of two who did it, the first is told.
const NOTE: &str = "
    update socle_ledger.verification set state = $3, found = $4
    where tenant_id = $1 and id = $2 and state in ('waiting', 'running')";

/// Notes how far it is, and what was found.
pub(crate) async fn note_verification(
    tx: &mut Tx,
    id: VerificationId,
    state: VerificationState,
    found: Option<&Findings>,
) -> Result<(), Fault> {
    let found = found.map(|it| Json(Kept::from(it)));
    let statement = tx.sql(NOTE).bind(id).bind(state.as_str()).bind(found);
    statement.run("note how the verification goes").await.map(drop)
}

const FORGET: &str = "
    delete from socle_ledger.verification
    where tenant_id = $1 and asked_at <= $2::timestamptz - interval '90 days'";

/// Forgets what was asked for a quarter of a year before `now`.
pub(crate) async fn forget_verifications(tx: &mut Tx, now: Timestamp) -> Result<u64, Fault> {
    tx.sql(FORGET).bind(now).run("forget the verifications").await
}

impl TryFrom<Row> for Verification {
    type Error = Fault;

    fn try_from(it: Row) -> Result<Self, Fault> {
        let state = VerificationState::of(&it.state).ok_or("no such state");
        let state = state.doing("read the verification")?;
        let Row { id, asked_at, found, .. } = it;
        let found = found.map(|it| Findings::from(it.0));
        Ok(Self { id, state, asked_at, found })
    }
}

impl From<&Findings> for Kept {
    fn from(it: &Findings) -> Self {
        let each = it.differences.iter().cloned();
        Self {
            accounts: it.accounts,
            transactions: it.transactions,
            entries: it.entries,
            is_conserved: it.is_conserved,
            differences: each.map(|it| (it.check, it.subject, it.says)).collect(),
            omitted: it.omitted,
        }
    }
}

impl From<Kept> for Findings {
    fn from(it: Kept) -> Self {
        let each = it.differences.into_iter();
        Self {
            accounts: it.accounts,
            transactions: it.transactions,
            entries: it.entries,
            is_conserved: it.is_conserved,
            differences: each
                .map(|(check, subject, says)| Finding { check, subject, says })
                .collect(),
            omitted: it.omitted,
        }
    }
}
