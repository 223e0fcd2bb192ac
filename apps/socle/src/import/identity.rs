//! Which purchase a line tells of.

use std::collections::HashMap;

use socle_ledger_contract::{ProgrammeId, PurchaseId};

use super::parse::Told;

/// The scheme of these identifiers. What has been imported was named by it, so it never changes.
const SCHEME: &str = "socle.purchases.1";

/// Counts the purchases that are equal in all that a line says.
#[derive(Debug)]
pub(super) struct Identities {
    programme: String,
    /// How many of each have been seen: 20 bytes for each distinct purchase of the file.
    seen: HashMap<PurchaseId, u32>,
}

impl Identities {
    pub(super) fn of(programme: ProgrammeId) -> Self {
        Self { programme: programme.to_string(), seen: HashMap::new() }
    }

    /// The identifier of this purchase: of what it is, and of its rank among its equals. The order
    /// of the lines does not matter, since equals cannot be told apart.
    pub(super) fn next(&mut self, it: &Told) -> PurchaseId {
        let rank = self.seen.entry(self.name(it, "")).or_default();
        *rank += 1;
        let rank = rank.to_string();
        self.name(it, &rank)
    }

    fn name(&self, it: &Told, rank: &str) -> PurchaseId {
        PurchaseId::of_words(&[
            SCHEME,
            &self.programme,
            it.customer.as_ref(),
            &it.day.to_string(),
            &it.count.to_string(),
            &it.dollars.amount.to_string(),
            rank,
        ])
    }
}
