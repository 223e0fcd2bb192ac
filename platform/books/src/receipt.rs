//! What a caller gets back.

use uuid::Uuid;

use crate::{LotUse, Posted};

/// What a unit did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The transfers, in the order of the commands.
    pub posted: Vec<Posted>,
    /// The lots behind them, in the order in which they were used; none where nothing was done
    /// again.
    pub lots: Vec<LotUse>,
    /// The request (its correlation) that was answered so first; `None`: this one was.
    pub replay_of: Option<Uuid>,
    /// Transfers that were there before; part of `posted` once the unit is decided.
    pub(crate) repeated: Vec<Posted>,
}

impl Receipt {
    /// Whether the unit had taken effect before: nothing was done again.
    #[must_use]
    pub fn is_replay(&self) -> bool {
        self.replay_of.is_some()
    }
}
