//! Holds: amounts set aside for a transfer that may follow.

use socle_kernel::{AccountId, Amount, HoldId, Timestamp, TransferId};

use crate::Memo;

/// An amount to be set aside.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NewHold {
    /// The same identifier with the same content is the same hold.
    pub id: HoldId,
    /// What a capture's transfer is called.
    pub kind: String,
    /// Is debited when it is captured.
    pub account: AccountId,
    /// Is credited when it is captured.
    pub counter: AccountId,
    pub amount: Amount,
    /// From this moment on it counts no more, whether or not anything recorded that.
    pub expires_at: Timestamp,
}

/// A part of a hold, or all that is left, to be posted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Capture {
    /// The transfer it becomes.
    pub id: TransferId,
    pub hold: HoldId,
    /// `None`: all that is left.
    pub amount: Option<Amount>,
    pub memo: Memo,
}

/// Whether a hold still counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldState {
    Open,
    Captured,
    Voided,
    Expired,
}

/// A hold as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub id: HoldId,
    pub kind: String,
    pub account: AccountId,
    pub counter: AccountId,
    pub amount: Amount,
    pub captured: Amount,
    pub state: HoldState,
    pub recorded_at: Timestamp,
    pub expires_at: Timestamp,
    pub(crate) fingerprint: i64,
    /// What it has set aside of which lot: (`seq` of the lot, amount left).
    pub(crate) parts: Vec<(i64, Amount)>,
}

impl HoldState {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Captured => "captured",
            Self::Voided => "voided",
            Self::Expired => "expired",
        }
    }

    pub(crate) fn of(text: &str) -> Option<Self> {
        [Self::Open, Self::Captured, Self::Voided, Self::Expired]
            .into_iter()
            .find(|it| it.as_str() == text)
    }
}

impl Hold {
    /// What can still be captured.
    ///
    /// # Panics
    ///
    /// Never: the table checks that no more is captured than held.
    #[must_use]
    pub fn left(&self) -> Amount {
        match self.state {
            HoldState::Open => {
                self.amount.minus(self.captured).expect("a part is no larger than its whole")
            }
            _ => Amount::ZERO,
        }
    }

    /// Its state at a moment: the clock ends a hold, not a job.
    #[must_use]
    pub fn state_at(&self, now: Timestamp) -> HoldState {
        match self.state {
            HoldState::Open if self.expires_at <= now => HoldState::Expired,
            state => state,
        }
    }
}
