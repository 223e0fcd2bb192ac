//! Programmes that were found before: they never change, so an earning need not ask again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use socle_kernel::{Cx, TenantId};
use socle_ledger_contract::ProgrammeId;

use super::Ledger;
use crate::{Error, domain::Programme};

/// How many programmes are remembered, about 300 bytes each; then all are forgotten.
const KNOWN_MAX: usize = 10_000;

/// What was found before, by tenant: another tenant's is not there.
#[derive(Debug, Clone, Default)]
pub(super) struct Known(Arc<Mutex<HashMap<(TenantId, ProgrammeId), Programme>>>);

impl Known {
    fn find(&self, tenant: TenantId, id: ProgrammeId) -> Option<Programme> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(tenant, id)).cloned()
    }

    fn remember(&self, it: &Programme) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if KNOWN_MAX <= known.len() {
            known.clear();
        }
        known.insert((it.tenant, it.id), it.clone());
    }
}

impl Ledger {
    /// The programme that a caller speaks of: the one it names, or else its only one.
    pub async fn spoken_of(&self, cx: &Cx, named: Option<ProgrammeId>) -> Result<Programme, Error> {
        let Some(id) = named else { return self.only_programme(cx).await };
        if let Some(known) = self.known.find(cx.tenant, id) {
            return Ok(known);
        }
        let found = self.programme(cx, id).await?;
        self.known.remember(&found);
        Ok(found)
    }

    /// Asked each time: a second one may have been defined meanwhile.
    async fn only_programme(&self, cx: &Cx) -> Result<Programme, Error> {
        let mut all = self.programmes(cx).await?;
        match (all.pop(), all.len()) {
            (None, _) => Err(Error::ProgrammeMissing),
            (Some(only), 0) => Ok(only),
            _ => Err(Error::ProgrammeAmbiguous),
        }
    }
}
