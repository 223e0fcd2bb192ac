//! One batch, inside a transaction: reserve, load under lock, decide, write.

pub(crate) mod blame;
mod load;
mod replays;

use std::collections::{BTreeMap, HashMap};

use socle_db::failpoint;
use socle_kernel::{Fault, TenantId};
use uuid::Uuid;

use crate::{
    Receipt, Refusal, Refused, Unit,
    engine::Engine,
    sql::{Books, load::is_any_there, write, write::Answers},
};

/// What became of each unit, in their order.
pub(crate) type Outcomes = Vec<Result<Receipt, Refused>>;

/// What was decided of each unit that is not a replay.
type Decided = Vec<Result<Receipt, Refusal>>;

/// How much a batch looks up beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Care {
    /// Identifiers are taken to be new; the table refuses those that are not.
    Quick,
    /// Transfers that exist under the identifiers in use are loaded, and answered from.
    Careful,
}

/// Decides and writes the units. No two of them share a key or an identifier.
pub(crate) async fn run(
    books: &mut Books<'_>,
    units: &[&Unit],
    care: Care,
) -> Result<Outcomes, Fault> {
    let mut outcomes = replays::of(books, units).await?;
    failpoint("books.reserved");
    let fresh: Vec<usize> = (0..units.len()).filter(|it| outcomes[*it].is_none()).collect();
    let to_decide: Vec<&Unit> = fresh.iter().map(|it| units[*it]).collect();
    if !to_decide.is_empty() {
        let (engine, decided) = decide(books, &to_decide, care).await?;
        failpoint("books.decided");
        let decided = write_down(books, &engine, &to_decide, decided).await?;
        for (place, outcome) in fresh.into_iter().zip(decided) {
            outcomes[place] = Some(outcome.map_err(Refused::from));
        }
    }
    Ok(outcomes.into_iter().map(|it| it.expect("a unit is a replay or decided")).collect())
}

/// What the units would do, were they submitted now.
pub(crate) async fn preview(books: &mut Books<'_>, units: &[&Unit]) -> Result<Outcomes, Fault> {
    let (_, decided) = decide_with(books, units, Care::Careful).await?;
    Ok(decided.into_iter().map(|it| it.map_err(Refused::from)).collect())
}

/// Decides; looks again with care if haste refused what may be a repetition, as it does when the
/// first has taken the last of a balance.
async fn decide(
    books: &mut Books<'_>,
    units: &[&Unit],
    care: Care,
) -> Result<(Engine, Decided), Fault> {
    let (engine, decided) = decide_with(books, units, care).await?;
    let refused = units.iter().zip(&decided).filter(|(_, it)| it.is_err());
    let refused = refused.flat_map(|(unit, _)| unit.transfers().map(|it| (unit.tenant, it)));
    let refused: Vec<_> = refused.collect();
    if care == Care::Quick && !refused.is_empty() && is_any_there(books, &refused).await? {
        return decide_with(books, units, Care::Careful).await;
    }
    Ok((engine, decided))
}

async fn decide_with(
    books: &mut Books<'_>,
    units: &[&Unit],
    care: Care,
) -> Result<(Engine, Decided), Fault> {
    let mut engine = Engine::new(load::standing(books, units, care).await?);
    failpoint("books.loaded");
    let decided = units.iter().map(|it| engine.decide(it)).collect();
    Ok((engine, decided))
}

async fn write_down(
    books: &mut Books<'_>,
    engine: &Engine,
    units: &[&Unit],
    mut decided: Decided,
) -> Result<Decided, Fault> {
    let answers = Answers::of(units, &decided);
    let heads = write::write(books, &engine.standing, &engine.changes, &answers).await?;
    failpoint("books.written");
    let numbers = numbers(engine, &heads);
    for (unit, outcome) in units.iter().zip(&mut decided) {
        for posted in outcome.iter_mut().flat_map(|it| &mut it.posted) {
            if let Some(number) = numbers.get(&(unit.tenant, posted.id.uuid())) {
                posted.number = *number;
            }
        }
    }
    Ok(decided)
}

/// The journal numbers that the writing statement drew.
fn numbers(engine: &Engine, heads: &BTreeMap<TenantId, i64>) -> HashMap<(TenantId, Uuid), i64> {
    let rows = engine.changes.posted.iter().zip(engine.changes.behind());
    let each = rows.map(|(row, behind)| {
        let head = heads.get(&row.tenant).expect("a tenant with transfers drew numbers");
        ((row.tenant, row.posted.id.uuid()), head - behind)
    });
    each.collect()
}
