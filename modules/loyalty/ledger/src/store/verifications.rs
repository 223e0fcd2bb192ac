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
pub(super) const STATEMENTS: [&str; 4] = [INSERT, FIND, LEASE, NOTE];

const INSERT: &str = "
    insert into socle_ledger.verification (tenant_id, id, state, asked_at, leased_until)
    values ($1, $2, $3, $4, $5)";

pub(crate) async fn insert_verification(tx: &mut Tx, it: &Verification) -> Result<(), Fault> {
    let statement = tx.sql(INSERT).bind(it.id).bind(it.state.as_str()).bind(it.asked_at);
    statement.bind(it.leased_until).run("note the verification").await.map(drop)
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
    leased_until: Timestamp,
    found: Option<Json<Kept>>,
}

const FIND: &str = "
    select id, state, asked_at, leased_until, found
    from socle_ledger.verification where tenant_id = $1 and id = $2";

/// The verification with this identifier.
pub(crate) async fn find_verification(
    db: Reader<'_>,
    id: VerificationId,
) -> Result<Verification, Error> {
    let row: Option<Row> = db.sql(FIND).bind(id).maybe("find the verification").await?;
    Ok(row.ok_or_else(|| Common::NotFound(id.to_string()))?.try_into()?)
}

/// Until `$3`; nobody gets it who comes at a moment `$4` before the last lease is over.
const LEASE: &str = "
    update socle_ledger.verification set leased_until = $3, state = 'waiting'
    where tenant_id = $1 and id = $2 and state in ('waiting', 'running') and leased_until <= $4";

/// Whether the verification is the caller's to do until then.
pub(crate) async fn lease_verification(
    tx: &mut Tx,
    id: VerificationId,
    (now, until): (Timestamp, Timestamp),
) -> Result<bool, Fault> {
    let statement = tx.sql(LEASE).bind(id).bind(until).bind(now);
    Ok(0 < statement.run("take the verification").await?)
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

impl TryFrom<Row> for Verification {
    type Error = Fault;

    fn try_from(it: Row) -> Result<Self, Fault> {
        let state = VerificationState::of(&it.state).ok_or("no such state");
        let state = state.doing("read the verification")?;
        let Row { id, asked_at, leased_until, found, .. } = it;
        let found = found.map(|it| Findings::from(it.0));
        Ok(Self { id, state, asked_at, leased_until, found })
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
