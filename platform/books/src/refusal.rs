//! Why the books say no. A refusal is a decision: it is stored under the unit's key and replayed.

use serde::{Deserialize, Serialize};
use socle_kernel::{AccountId, Amount, HoldId, TransferId};
use uuid::Uuid;

/// A refusal as it is told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{refusal}")]
pub struct Refused {
    pub refusal: Refusal,
    /// The request (its correlation) that was refused so first; `None`: this one was.
    pub replay_of: Option<Uuid>,
}

/// Why a unit took no effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Refusal {
    #[error("there is no account {account}")]
    UnknownAccount { account: AccountId },
    #[error("account {account} is closed")]
    AccountClosed { account: AccountId },
    #[error("account {account} exists with another asset, owner, side or bounds")]
    AccountDiffers { account: AccountId },
    #[error("account {account} is not empty")]
    AccountNotEmpty { account: AccountId },
    #[error("{account} has {available} available, {asked} were asked for")]
    Insufficient { account: AccountId, available: Amount, asked: Amount },
    #[error("{account} admits {room} more, {asked} were to be added")]
    AboveCeiling { account: AccountId, room: Amount, asked: Amount },
    #[error("the legs of asset {asset} sum to {sum}, not to zero")]
    Unbalanced { asset: String, sum: Amount },
    #[error("a transfer has 2 to {max} legs, none of them zero, each account once")]
    Legs { max: usize },
    #[error("the two accounts do not hold the same asset")]
    AssetsDiffer,
    #[error("the amount is not positive")]
    NotPositive,
    #[error("the amount or a balance would be too large")]
    TooLarge,
    #[error("it would count before it is known: a transfer is never effective in the future")]
    EffectiveInFuture,
    #[error("it expires before it begins")]
    ExpiresTooSoon,
    #[error("there is no hold {hold}")]
    UnknownHold { hold: HoldId },
    #[error("hold {hold} is {state}")]
    HoldEnded { hold: HoldId, state: String },
    #[error("hold {hold} has {left} left, {asked} were asked for")]
    HoldExceeded { hold: HoldId, left: Amount, asked: Amount },
    #[error("there is no transaction {transfer}")]
    UnknownTransfer { transfer: TransferId },
    #[error("transaction {transfer} has been reversed already")]
    AlreadyReversed { transfer: TransferId },
    #[error("transaction {transfer} is itself a reversal, or an expiry: it cannot be reversed")]
    NotReversible { transfer: TransferId },
    #[error("what transaction {transfer} brought has been spent or has expired")]
    LotsSpent { transfer: TransferId },
    #[error("the identifier was used before, for something else")]
    IdReused,
    #[error("the idempotency key was used before, for another request")]
    KeyReused,
    #[error("a unit that writes rows of its own needs a key, or a repetition would write twice")]
    KeyMissing,
    #[error("a unit has at most {max} commands, and a transfer {metadata} pieces of metadata")]
    TooMuch { max: usize, metadata: usize },
    #[error("it breaks the rule {constraint}")]
    Constraint { constraint: String },
    #[error("it cannot be stored: {why}")]
    Unstorable { why: String },
}

impl From<Refusal> for Refused {
    /// Said for the first time.
    fn from(refusal: Refusal) -> Self {
        Self { refusal, replay_of: None }
    }
}
