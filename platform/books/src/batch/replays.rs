//! Units whose keys were used before: answered from what was kept.

use std::collections::{HashMap, HashSet};

use socle_kernel::{Fault, TenantId, TransferId};
use uuid::Uuid;

use crate::{
    Key, Posted, Receipt, Refusal, Refused, Unit,
    sql::{
        Books,
        keys::{self, Answer, OwnKey, ToKeep},
        posted,
    },
};

type Outcome = Result<Receipt, Refused>;

/// A key was forgotten between two looks at it: the unit is new after all.
#[derive(Debug, thiserror::Error)]
#[error("an idempotency key has just been forgotten")]
struct Forgotten;

/// What was kept under the keys that had been used, and the transfers that it names.
struct Kept {
    answers: HashMap<OwnKey, Answer>,
    posted: HashMap<(TenantId, TransferId), Posted>,
}

/// Reserves the keys, and answers the units of which one had been used before. The others of such
/// a unit are kept with the same answer.
pub(super) async fn of(
    books: &mut Books<'_>,
    units: &[&Unit],
) -> Result<Vec<Option<Outcome>>, Fault> {
    let nothing = vec![None; units.len()];
    if units.iter().all(|it| it.keys.is_empty()) {
        return Ok(nothing);
    }
    let free: HashSet<OwnKey> = keys::reserve(books, units).await?.into_iter().collect();
    let asked = units.iter().flat_map(|unit| unit.keys.iter().map(|key| (unit.tenant, key.id)));
    let used: Vec<OwnKey> = asked.filter(|it| !free.contains(it)).collect();
    if used.is_empty() {
        return Ok(nothing);
    }
    let kept = Kept::load(books, &used).await?;
    let (mut outcomes, mut to_keep) = (Vec::with_capacity(units.len()), Vec::new());
    for unit in units {
        let Some((answer, replay_of)) = kept.answer(unit) else {
            outcomes.push(None);
            continue;
        };
        let fresh = unit.keys.iter().filter(|it| free.contains(&(unit.tenant, it.id)));
        to_keep.extend(fresh.map(|it| ToKeep::beside(unit, it, &answer)));
        outcomes.push(Some(kept.outcome(unit.tenant, answer, replay_of)));
    }
    if !to_keep.is_empty() {
        keys::keep(books, &to_keep).await?;
    }
    Ok(outcomes)
}

impl Kept {
    async fn load(books: &mut Books<'_>, used: &[OwnKey]) -> Result<Self, Fault> {
        let answers = keys::answers(books, used).await?;
        if used.iter().any(|it| !answers.contains_key(it)) {
            return Err(Fault::collision("answer from the idempotency keys", Forgotten));
        }
        let named = answers
            .iter()
            .flat_map(|((tenant, _), it)| it.transfers.iter().map(|id| (*tenant, *id)));
        let named: HashSet<_> = named.collect();
        let mut posted = HashMap::new();
        if !named.is_empty() {
            let named: Vec<_> = named.into_iter().collect();
            for it in posted::posted_of(books, &named).await? {
                let tenant = it.tenant_id;
                let it = Posted::from(it);
                posted.insert((tenant, it.id), it);
            }
        }
        Ok(Self { answers, posted })
    }

    /// What a unit is answered, and the request that was answered so first: what is kept under the
    /// first of its keys that was used, unless one of them was used for something else.
    fn answer(&self, unit: &Unit) -> Option<(Answer, Option<Uuid>)> {
        let used = unit.keys.iter();
        let used = used.filter_map(|it| Some((it, self.answers.get(&(unit.tenant, it.id))?)));
        let (same, other): (Vec<_>, Vec<_>) =
            used.partition(|(key, answer)| key.fingerprint == answer.fingerprint);
        // A key that was answered so because another had been reused tells that again.
        let told = same.iter().map(|it| it.1).find(|it| {
            other.is_empty() || it.refusal.as_ref().is_some_and(|it| *it == Refusal::KeyReused)
        });
        match told {
            Some(it) => Some((it.clone(), Some(it.correlation))),
            None => (!other.is_empty()).then(|| (Answer::key_reused(unit), None)),
        }
    }

    fn outcome(&self, tenant: TenantId, answer: Answer, replay_of: Option<Uuid>) -> Outcome {
        if let Some(refusal) = answer.refusal {
            return Err(Refused { refusal, replay_of });
        }
        let posted = answer.transfers.iter();
        let posted = posted.filter_map(|it| self.posted.get(&(tenant, *it)).cloned()).collect();
        Ok(Receipt { posted, replay_of, ..Receipt::default() })
    }
}

impl Answer {
    fn key_reused(unit: &Unit) -> Self {
        let (fingerprint, transfers) = (0, Vec::new());
        let (correlation, refusal) = (unit.author.correlationid, Some(Refusal::KeyReused));
        Self { fingerprint, correlation, transfers, refusal }
    }
}

impl ToKeep {
    /// The answer to a unit, under one of its keys that is fresh.
    ///
    /// That another key was reused is a caller's slip, and is not held for ever against what the
    /// fresh one stands for: it is kept for as long as a request.
    fn beside(unit: &Unit, key: &Key, answer: &Answer) -> Self {
        let is_slip = answer.refusal.as_ref().is_some_and(|it| *it == Refusal::KeyReused);
        let own = key.expires_at(unit.now);
        let expires_at = if is_slip { Some(Key::request_expires_at(unit.now)) } else { own };
        Self { key: (unit.tenant, key.id), answer: answer.clone(), expires_at }
    }
}
