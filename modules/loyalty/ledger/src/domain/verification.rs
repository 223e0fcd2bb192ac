//! Verifications: asked for by one request, done by whoever takes them, looked at by others.

use socle_books::verify::{Difference, Report};
use socle_kernel::{Id, Named, Timestamp};

/// How long whoever took a verification has for it. Then it is taken for dead, and the
/// verification is done again, which harms nothing.
pub(crate) const LEASE_MINUTES: u64 = 15;

/// A verification as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    pub id: VerificationId,
    pub state: VerificationState,
    pub asked_at: Timestamp,
    /// Until when a process that has it in its queue may be at it.
    pub leased_until: Timestamp,
    /// What was found, when it is done.
    pub found: Option<Findings>,
}

/// The identifier of a [`Verification`].
pub type VerificationId = Id<Verification>;

impl Named for Verification {
    const NAME: &str = "Verification";
    const PREFIX: &str = "ver";
}

/// How far a verification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerificationState {
    Waiting,
    Running,
    Done,
    Failed,
}

/// What was recomputed, and what contradicts it: a report that outlives the process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    pub accounts: i64,
    pub transactions: i64,
    pub entries: i64,
    pub is_conserved: bool,
    pub differences: Vec<Finding>,
    pub omitted: i64,
}

/// Something is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub check: String,
    pub subject: String,
    pub says: String,
}

impl VerificationState {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// The state that is called so.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        [Self::Waiting, Self::Running, Self::Done, Self::Failed]
            .into_iter()
            .find(|it| it.as_str() == text)
    }
}

impl Verification {
    /// Whether whoever had taken it is gone.
    #[must_use]
    pub fn is_abandoned(&self, now: Timestamp) -> bool {
        let is_open = matches!(self.state, VerificationState::Waiting | VerificationState::Running);
        is_open && self.leased_until <= now
    }
}

impl From<Report> for Findings {
    fn from(it: Report) -> Self {
        Self {
            accounts: it.accounts,
            transactions: it.transactions,
            entries: it.entries,
            is_conserved: it.is_conserved,
            differences: it.differences.into_iter().map(Finding::from).collect(),
            omitted: it.omitted,
        }
    }
}

impl From<Difference> for Finding {
    fn from(it: Difference) -> Self {
        Self { check: it.check.to_owned(), subject: it.subject, says: it.says }
    }
}
