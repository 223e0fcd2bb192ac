//! One batch, inside a transaction: reserve, load under lock, decide, write.

pub(crate) mod blame;
mod load;

use std::collections::{BTreeMap, HashMap, HashSet};

use socle_db::failpoint;
use socle_kernel::{Fault, TenantId};
use uuid::Uuid;

use crate::{
    Posted, Receipt, Refusal, Unit,
    engine::Engine,
    sql::{Books, keys, load::is_any_there, posted, write, write::Answers},
};

/// What became of each unit, in their order.
pub(crate) type Outcomes = Vec<Result<Receipt, Refusal>>;

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
    let mut outcomes = replays(books, units).await?;
    failpoint("books.reserved");
    let fresh: Vec<usize> = (0..units.len()).filter(|it| outcomes[*it].is_none()).collect();
    let to_decide: Vec<&Unit> = fresh.iter().map(|it| units[*it]).collect();
    if !to_decide.is_empty() {
        let (engine, decided) = decide(books, &to_decide, care).await?;
        failpoint("books.decided");
        let decided = write_down(books, &engine, &to_decide, decided).await?;
        for (place, outcome) in fresh.into_iter().zip(decided) {
            outcomes[place] = Some(outcome);
        }
    }
    Ok(outcomes.into_iter().map(|it| it.expect("a unit is a replay or decided")).collect())
}

/// What the units would do, were they submitted now.
pub(crate) async fn preview(books: &mut Books<'_>, units: &[&Unit]) -> Result<Outcomes, Fault> {
    Ok(decide_with(books, units, Care::Careful).await?.1)
}

/// Decides; looks again with care if haste refused what may be a repetition, as it does when the
/// first has taken the last of a balance.
async fn decide(
    books: &mut Books<'_>,
    units: &[&Unit],
    care: Care,
) -> Result<(Engine, Outcomes), Fault> {
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
) -> Result<(Engine, Outcomes), Fault> {
    let mut engine = Engine::new(load::standing(books, units, care).await?);
    failpoint("books.loaded");
    let decided = units.iter().map(|it| engine.decide(it)).collect();
    Ok((engine, decided))
}

async fn write_down(
    books: &mut Books<'_>,
    engine: &Engine,
    units: &[&Unit],
    mut decided: Outcomes,
) -> Result<Outcomes, Fault> {
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

/// Reserves the keys, and answers the units whose keys had been used before.
async fn replays(
    books: &mut Books<'_>,
    units: &[&Unit],
) -> Result<Vec<Option<Result<Receipt, Refusal>>>, Fault> {
    let mut outcomes = vec![None; units.len()];
    let keyed: Vec<_> = units.iter().filter_map(|it| Some((*it, it.key?))).collect();
    if keyed.is_empty() {
        return Ok(outcomes);
    }
    let free: HashSet<_> = keys::reserve(books, &keyed).await?.into_iter().collect();
    let used = keyed.iter().map(|(unit, key)| (unit.tenant, key.id));
    let used: Vec<_> = used.filter(|it| !free.contains(it)).collect();
    if used.is_empty() {
        return Ok(outcomes);
    }
    let mut kept = HashMap::new();
    for it in keys::answers(books, &used).await? {
        kept.insert((it.tenant, it.key), it);
    }
    let transfers: Vec<_> =
        kept.values().flat_map(|it| it.transfers.iter().map(|id| (it.tenant, *id))).collect();
    let mut posted = HashMap::new();
    if !transfers.is_empty() {
        for it in posted::posted_of(books, &transfers).await? {
            let tenant = it.tenant_id;
            let it = Posted::from(it);
            posted.insert((tenant, it.id), it);
        }
    }
    for (outcome, unit) in outcomes.iter_mut().zip(units) {
        let Some(key) = unit.key else { continue };
        let Some(answer) = kept.get(&(unit.tenant, key.id)) else { continue };
        *outcome = Some(if answer.fingerprint != key.fingerprint {
            Err(Refusal::KeyReused)
        } else if let Some(refusal) = &answer.refusal {
            Err(refusal.clone())
        } else {
            let ids = answer.transfers.iter();
            let posted = ids.filter_map(|it| posted.get(&(unit.tenant, *it)).cloned()).collect();
            Ok(Receipt { posted, is_replay: true, ..Receipt::default() })
        });
    }
    Ok(outcomes)
}
