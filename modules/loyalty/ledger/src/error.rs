//! Everything that can go wrong in the ledger, as callers see it.

use socle_books::{Refusal, Refused};
use socle_kernel::{Amount, Classify, Common, Fault, Kind};
use uuid::Uuid;

/// The outcome of a failed call.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("another programme has this name")]
    ProgrammeNameTaken,
    #[error("that is no programme: {0}")]
    Programme(&'static str),
    #[error("the programme counts {expected}")]
    Currency { expected: &'static str },
    #[error("the amount is too large")]
    TooLarge,
    #[error("a purchase is not negative, and a refund is positive")]
    NegativePurchase,
    #[error("at most {left} of the purchase can still be refunded")]
    RefundTooLarge { left: Amount },
    #[error("a refund is not undone: what is bought again is another purchase")]
    RefundStands,
    #[error("a part of the purchase has been refunded: refund the rest")]
    PurchaseRefunded,
    #[error("an adjustment needs a reason")]
    ReasonMissing,
    #[error("transactions of this kind are made by the ledger alone")]
    KindReserved,
    #[error("accounts of `customer:…` and `programme:…` are opened by the ledger alone")]
    OwnerReserved,
    #[error("a batch has at most {max} transactions")]
    BatchTooLarge { max: usize },
    #[error("define a programme first")]
    ProgrammeMissing,
    #[error("say which programme: there are several")]
    ProgrammeAmbiguous,
    #[error("it ends before it begins")]
    SpanBackwards,
    #[error("at most {days_max} days at a time")]
    SpanTooLong { days_max: u16 },
    #[error("{max} verifications are waiting already: look at those first")]
    VerificationsWaiting { max: usize },
    #[error(transparent)]
    Common(#[from] Common),
}

impl Error {
    /// The rule behind a broken constraint of the schema.
    pub(crate) fn of_constraint(name: &str) -> Option<Self> {
        // A request's key leads to the same identifier also when it has been forgotten.
        let is_there = matches!(name, "programme_name_taken" | "programme_pkey");
        is_there.then_some(Self::ProgrammeNameTaken)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Common(fault.into())
    }
}

impl From<socle_books::Error> for Error {
    fn from(error: socle_books::Error) -> Self {
        match error {
            socle_books::Error::Refused(refused) => Self::Refused(refused),
            socle_books::Error::Fault(fault) => fault.into(),
        }
    }
}

impl Classify for Error {
    fn class(&self) -> (Kind, &'static str) {
        match self {
            Self::Refused(it) => of_refusal(&it.refusal),
            Self::ProgrammeNameTaken => (Kind::Conflict, "ledger.programme-name-taken"),
            Self::Programme(_) => (Kind::Invalid, "ledger.programme-invalid"),
            Self::Currency { .. } => (Kind::Invalid, "ledger.currency-differs"),
            Self::TooLarge => (Kind::Invalid, "ledger.amount-too-large"),
            Self::NegativePurchase => (Kind::Invalid, "ledger.purchase-negative"),
            Self::RefundTooLarge { .. } => (Kind::Conflict, "ledger.refund-too-large"),
            Self::RefundStands => (Kind::Conflict, "ledger.refund-stands"),
            Self::PurchaseRefunded => (Kind::Conflict, "ledger.purchase-refunded"),
            Self::ReasonMissing => (Kind::Invalid, "ledger.reason-missing"),
            Self::KindReserved => (Kind::Invalid, "ledger.kind-reserved"),
            Self::OwnerReserved => (Kind::Invalid, "ledger.owner-reserved"),
            Self::BatchTooLarge { .. } => (Kind::Invalid, "ledger.batch-too-large"),
            Self::ProgrammeMissing => (Kind::Invalid, "ledger.programme-missing"),
            Self::ProgrammeAmbiguous => (Kind::Invalid, "ledger.programme-ambiguous"),
            Self::SpanBackwards => (Kind::Invalid, "ledger.span-backwards"),
            Self::SpanTooLong { .. } => (Kind::Invalid, "ledger.span-too-long"),
            Self::VerificationsWaiting { .. } => (Kind::TooMany, "ledger.verifications-waiting"),
            Self::Common(it) => it.class(),
        }
    }

    fn replay_of(&self) -> Option<Uuid> {
        match self {
            Self::Refused(it) => it.replay_of,
            _ => None,
        }
    }
}

fn of_refusal(refusal: &Refusal) -> (Kind, &'static str) {
    match refusal {
        Refusal::UnknownAccount { .. } => (Kind::NotFound, "ledger.account-unknown"),
        Refusal::AccountClosed { .. } => (Kind::Conflict, "ledger.account-closed"),
        Refusal::AccountDiffers { .. } => (Kind::Conflict, "ledger.account-differs"),
        Refusal::AccountNotEmpty { .. } => (Kind::Conflict, "ledger.account-not-empty"),
        Refusal::Insufficient { .. } => (Kind::Conflict, "ledger.insufficient"),
        Refusal::AboveCeiling { .. } => (Kind::Conflict, "ledger.above-ceiling"),
        Refusal::Unbalanced { .. } => (Kind::Invalid, "ledger.unbalanced"),
        Refusal::Legs { .. } => (Kind::Invalid, "ledger.legs"),
        Refusal::AssetsDiffer => (Kind::Invalid, "ledger.assets-differ"),
        Refusal::NotPositive => (Kind::Invalid, "ledger.not-positive"),
        Refusal::TooLarge => (Kind::Conflict, "ledger.balance-too-large"),
        Refusal::EffectiveInFuture => (Kind::Invalid, "ledger.effective-in-future"),
        Refusal::ExpiresTooSoon => (Kind::Invalid, "ledger.expires-too-soon"),
        Refusal::UnknownHold { .. } => (Kind::NotFound, "ledger.hold-unknown"),
        Refusal::HoldEnded { .. } => (Kind::Conflict, "ledger.hold-ended"),
        Refusal::HoldExceeded { .. } => (Kind::Conflict, "ledger.hold-exceeded"),
        Refusal::UnknownTransfer { .. } => (Kind::NotFound, "ledger.transaction-unknown"),
        Refusal::AlreadyReversed { .. } => (Kind::Conflict, "ledger.already-reversed"),
        Refusal::NotReversible { .. } => (Kind::Conflict, "ledger.not-reversible"),
        Refusal::LotsSpent { .. } => (Kind::Conflict, "ledger.points-spent"),
        Refusal::IdReused => (Kind::Conflict, "ledger.id-reused"),
        Refusal::KeyReused => (Kind::Invalid, "ledger.key-reused"),
        Refusal::KeyMissing => (Kind::Invalid, "ledger.key-missing"),
        Refusal::TooMuch { .. } => (Kind::Invalid, "ledger.too-much"),
        Refusal::Constraint { .. } => (Kind::Conflict, "ledger.rule-broken"),
        Refusal::Unstorable { .. } => (Kind::Invalid, "ledger.unstorable"),
    }
}
