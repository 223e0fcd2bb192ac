//! Verifications: asked for by one request, done by whoever takes them, looked at by others.

use std::time::Duration;

use socle_books::verify::{Difference, Report};
use socle_kernel::{Id, Named, Timestamp};

/// How long a verification may wait and run: what has not been done by then never will be.
const OPEN_MAX: Duration = Duration::from_hours(24);

/// A verification as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    pub id: VerificationId,
    pub state: VerificationState,
    pub asked_at: Timestamp,
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
    /// As it stands at a moment: one whose processes have died again and again has failed.
    pub(crate) fn at(self, now: Timestamp) -> Self {
        let is_open = matches!(self.state, VerificationState::Waiting | VerificationState::Running);
        let is_late = self.asked_at.after(OPEN_MAX) <= now;
        let state = if is_open && is_late { VerificationState::Failed } else { self.state };
        Self { state, ..self }
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
