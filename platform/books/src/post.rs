//! The first entrance: inside the caller's own transaction, for few writers an account.

use socle_db::Tx;
use socle_kernel::Fault;

use crate::{
    Error, Receipt, Refused, Unit,
    batch::{
        self, Care,
        blame::{is_race, own_refusal},
    },
    sql::Books,
};

/// Posts a unit in the caller's transaction: it takes effect if, and only if, that commits.
///
/// # Panics
///
/// When the unit is another tenant's: the transaction sees one tenant.
pub async fn post(tx: &mut Tx, unit: &Unit) -> Result<Receipt, Error> {
    assert_eq!(unit.tenant, tx.tenant(), "a unit is posted in its tenant's transaction");
    let done = batch::run(&mut Books::OfCaller(tx), &[unit], Care::Careful).await;
    Ok(only(done.map_err(|fault| why(unit, fault))?)?)
}

/// What a unit would do now; changes nothing. Its transfers have no journal number yet.
///
/// # Panics
///
/// When the unit is another tenant's: the transaction sees one tenant.
pub async fn preview(tx: &mut Tx, unit: &Unit) -> Result<Receipt, Error> {
    assert_eq!(unit.tenant, tx.tenant(), "a unit is posted in its tenant's transaction");
    let outcomes = batch::preview(&mut Books::OfCaller(tx), &[unit]).await?;
    Ok(only(outcomes)?)
}

/// The unit's own fault is a refusal; whoever met another writer of the same may try again.
fn why(unit: &Unit, fault: Fault) -> Error {
    match own_refusal(unit, &fault) {
        Some(refusal) => refusal.into(),
        None if is_race(&fault) => Fault::collision("post to the books", fault).into(),
        None => fault.into(),
    }
}

fn only(outcomes: batch::Outcomes) -> Result<Receipt, Refused> {
    outcomes.into_iter().next().expect("one unit, one outcome")
}
