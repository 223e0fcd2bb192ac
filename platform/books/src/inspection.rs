//! Inspections: the books of all tenants verified, and what was found kept.

use socle_db::Db;
use socle_kernel::{Cx, Fault, Id, Named, Timestamp};

use crate::{
    sql::inspection as sql,
    verify::{Announced, Check, Progress, Tenants, verify_telling},
};

/// One verification of the books of all tenants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Inspection {
    pub id: InspectionId,
    pub began_at: Timestamp,
    pub is_conserved: bool,
    /// How much differed.
    pub differences: i64,
}

impl Inspection {
    #[must_use]
    pub fn is_in_order(&self) -> bool {
        self.is_conserved && self.differences == 0
    }
}

/// The identifier of an [`Inspection`].
pub type InspectionId = Id<Inspection>;

impl Named for Inspection {
    const NAME: &str = "Inspection";
    const PREFIX: &str = "insp";
}

/// Verifies the books of all tenants as of now, keeps what it found, and forgets what was found a
/// quarter of a year ago. Repeated under the same identifier it is the inspection that there is.
///
/// # Panics
///
/// Never: each check tells a hundred differences at most.
pub async fn inspect(
    db: &Db,
    (cx, id): (&Cx, InspectionId),
    announced: Announced,
    own: (&[Check], Progress<'_>),
) -> Result<Inspection, Fault> {
    let report = verify_telling(db, Tenants::All, announced, own).await?;
    let told = i64::try_from(report.differences.len()).expect("each check tells a hundred");
    let (is_conserved, differences) = (report.is_conserved, told + report.omitted);
    let inspection = Inspection { id, began_at: cx.now, is_conserved, differences };
    sql::keep(db, &inspection, &report).await?;
    sql::forget(db, cx.now).await?;
    Ok(inspection)
}

/// The latest inspection, if there has been one.
pub async fn last_inspection(db: &Db) -> Result<Option<Inspection>, Fault> {
    sql::last(db).await
}
