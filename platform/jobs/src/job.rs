//! What a job is: what its module declares of it, and what it is called.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Serialize, de::DeserializeOwned};
use socle_kernel::{Id, Named, Retry, TenantId};
use uuid::Uuid;

/// Something that is to be done.
pub enum Task {}
/// The identifier of a [`Task`].
pub type JobId = Id<Task>;

impl Named for Task {
    const NAME: &str = "Job";
    const PREFIX: &str = "job";
}

/// The tenant of what is done for no tenant in particular, such as a look at the books of all.
pub const EVERY_TENANT: TenantId = Id::from_uuid(Uuid::nil());

/// Something to be done later, named by an imperative: `SendReceipt`.
///
/// What it carries is kept as JSON: fields are added, never renamed. It is done at least once and
/// must bear repetition, unless its effect and its end are one commit
/// ([`Run::finish_in`](crate::Run::finish_in)).
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// `<module>.<what-it-does>`; never renamed.
    const KIND: &'static str;

    const QUEUE: Queue = Queue::Default;

    const RETRY: Retry = Retry::EXPONENTIAL;

    /// How long an attempt may take.
    const TIMEOUT: Duration = Duration::from_mins(5);

    /// While one with this key waits or runs, another of the tenant and kind is not enqueued.
    fn unique_key(&self) -> Option<String> {
        None
    }
}

/// Where a job waits for its turn. Each has workers of its own, so that a full one delays no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Queue {
    /// What somebody loses money by: reversals, alarms of fraud.
    Critical,
    /// What somebody waits for: confirmations.
    High,
    Default,
    /// What nobody waits for: reports, cleaning, exports.
    Low,
    /// What the calendar brings.
    Scheduled,
}

/// The word names no queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a queue is one of critical, high, default, low, scheduled")]
pub struct NotAQueue;

impl Queue {
    pub const ALL: [Self; 5] =
        [Self::Critical, Self::High, Self::Default, Self::Low, Self::Scheduled];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Default => "default",
            Self::Low => "low",
            Self::Scheduled => "scheduled",
        }
    }
}

impl fmt::Display for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Queue {
    type Err = NotAQueue;

    fn from_str(text: &str) -> Result<Self, NotAQueue> {
        Self::ALL.into_iter().find(|it| it.name() == text).ok_or(NotAQueue)
    }
}
