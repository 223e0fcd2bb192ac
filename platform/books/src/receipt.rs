//! What a caller gets back.

use crate::{LotUse, Posted};

/// What a unit did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The transfers, in the order of the commands.
    pub posted: Vec<Posted>,
    /// The lots behind them, in the order in which they were used; none where nothing was done
    /// again.
    pub lots: Vec<LotUse>,
    /// Whether the unit had taken effect before: nothing was done again.
    pub is_replay: bool,
    /// Transfers that were there before; part of `posted` once the unit is decided.
    pub(crate) repeated: Vec<Posted>,
}
