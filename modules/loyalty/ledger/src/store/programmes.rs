//! Programmes.

use socle_db::{Reader, Tx};
use socle_kernel::{Amount, Common, Currency, Doing, Fault, TenantId, Timestamp};
use socle_ledger_contract::ProgrammeId;

use crate::{
    Error,
    domain::{EarnRate, NewProgramme, Programme, ProgrammeName, Rounding},
};

/// A merchant has a handful.
const PROGRAMMES_MAX: i64 = 200;

/// All statements of this file.
pub(super) const STATEMENTS: [&str; 3] = [INSERT, FIND, LIST];

const INSERT: &str = "
    insert into socle_ledger.programme
        (tenant_id, id, name, currency, points, per_units, rounding, minimum, life_months, worth,
         created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

pub(crate) async fn insert_programme(tx: &mut Tx, it: &Programme) -> Result<(), Error> {
    let rules = &it.rules;
    tx.sql(INSERT)
        .bind(it.id)
        .bind(&rules.name)
        .bind(rules.currency.code())
        .bind(i64::from(rules.rate.points))
        .bind(i64::from(rules.rate.per_units))
        .bind(rules.rounding.as_str())
        .bind(rules.minimum)
        .bind(rules.life_months.map(i32::from))
        .bind(rules.worth)
        .bind(it.created_at)
        .run_or("insert the programme", Error::of_constraint)
        .await
        .map(drop)
}

#[derive(sqlx::FromRow)]
struct Row {
    tenant_id: TenantId,
    id: ProgrammeId,
    name: ProgrammeName,
    currency: String,
    points: i64,
    per_units: i64,
    rounding: String,
    minimum: Amount,
    life_months: Option<i32>,
    worth: Amount,
    created_at: Timestamp,
}

const FIND: &str = "
    select tenant_id, id, name, currency, points, per_units, rounding, minimum, life_months, worth,
           created_at
    from socle_ledger.programme where tenant_id = $1 and id = $2";

/// The programme with this identifier.
pub(crate) async fn find_programme(db: Reader<'_>, id: ProgrammeId) -> Result<Programme, Error> {
    let row: Option<Row> = db.sql(FIND).bind(id).maybe("find the programme").await?;
    Ok(row.ok_or_else(|| Common::NotFound(id.to_string()))?.try_into()?)
}

/// The same, inside a transaction.
pub(crate) async fn programme(tx: &mut Tx, id: ProgrammeId) -> Result<Programme, Error> {
    let row: Option<Row> = tx.sql(FIND).bind(id).maybe("find the programme").await?;
    Ok(row.ok_or_else(|| Common::NotFound(id.to_string()))?.try_into()?)
}

const LIST: &str = "
    select tenant_id, id, name, currency, points, per_units, rounding, minimum, life_months, worth,
           created_at
    from socle_ledger.programme where tenant_id = $1
    order by created_at, id limit $2";

/// All programmes of the tenant, oldest first.
pub(crate) async fn programmes(db: Reader<'_>) -> Result<Vec<Programme>, Fault> {
    let rows: Vec<Row> = db.sql(LIST).bind(PROGRAMMES_MAX).all("list the programmes").await?;
    rows.into_iter().map(Programme::try_from).collect()
}

impl TryFrom<Row> for Programme {
    type Error = Fault;

    fn try_from(it: Row) -> Result<Self, Fault> {
        let reading = "read the programme";
        let rate = EarnRate {
            points: u32::try_from(it.points).doing(reading)?,
            per_units: u32::try_from(it.per_units).doing(reading)?,
        };
        let rules = NewProgramme {
            name: it.name,
            currency: Currency::try_new(&it.currency).doing(reading)?,
            rate,
            rounding: Rounding::of(&it.rounding).ok_or("no such rounding").doing(reading)?,
            minimum: it.minimum,
            life_months: it.life_months.map(u16::try_from).transpose().doing(reading)?,
            worth: it.worth,
        };
        Ok(Self { tenant: it.tenant_id, id: it.id, rules, created_at: it.created_at })
    }
}
