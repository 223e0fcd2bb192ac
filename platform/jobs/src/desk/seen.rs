//! What is seen of jobs, queues and the calendar.

use socle_kernel::{PersonId, TenantId, Timestamp};
use uuid::Uuid;

use crate::{JobId, Queue, sql::look::DepthRow};

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Waiting,
    Running,
    Dead,
    Done,
    Cancelled,
    Discarded,
}

impl State {
    pub const ALL: [Self; 6] =
        [Self::Waiting, Self::Running, Self::Dead, Self::Done, Self::Cancelled, Self::Discarded];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Dead => "dead",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Discarded => "discarded",
        }
    }

    /// The state of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// Which jobs; of what is left out, all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub tenant: Option<TenantId>,
    pub queue: Option<Queue>,
    pub kind: Option<String>,
    pub state: Option<State>,
}

/// A job, and what has become of it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Seen {
    #[sqlx(rename = "tenant_id")]
    pub tenant: TenantId,
    pub id: JobId,
    pub kind: String,
    pub queue: String,
    /// As JSON.
    pub args: String,
    pub unique_key: Option<String>,
    pub enqueued_at: Timestamp,
    pub actortype: String,
    pub actorid: String,
    pub onbehalfof: Option<PersonId>,
    pub correlationid: Uuid,
    pub causationid: Option<Uuid>,
    pub traceparent: Option<String>,
    /// One of [`State::ALL`], by name.
    pub state: String,
    /// When it is due; nothing once it has ended.
    pub run_at: Option<Timestamp>,
    pub attempt: i16,
    pub attempts_max: Option<i16>,
    /// It runs and has been asked to end.
    pub is_cancelled: bool,
    pub worker: Option<Uuid>,
    /// How far it has come, as it says itself.
    pub done: Option<i64>,
    pub total: Option<i64>,
    pub note: Option<String>,
    /// When and why the last attempt failed: a code, and the causes, the outermost first.
    pub failed_at: Option<Timestamp>,
    pub reason: Option<String>,
    pub causes: Vec<String>,
    pub ended_at: Option<Timestamp>,
    /// What a person did with it last, and who.
    pub act: Option<String>,
    pub act_by: Option<String>,
    pub act_at: Option<Timestamp>,
}

/// How many jobs of a kind a queue has in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depth {
    pub queue: Queue,
    pub kind: String,
    pub state: State,
    pub jobs: i64,
    /// Of what waits, when the oldest became due; of what is dead, when it failed.
    pub oldest: Option<Timestamp>,
}

impl Depth {
    /// Nothing of queues that only another version of this program knows.
    pub(super) fn of(row: DepthRow) -> Option<Self> {
        let (queue, state) = (row.queue.parse().ok()?, State::of(&row.state)?);
        Some(Self { queue, kind: row.kind, state, jobs: row.jobs, oldest: row.oldest })
    }
}

/// Since when a queue is paused, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    pub paused_at: Timestamp,
    pub paused_by: String,
}

/// An entry of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CronEntry {
    pub name: String,
    /// Nil for what is done for no tenant in particular.
    #[sqlx(rename = "tenant_id")]
    pub tenant: TenantId,
    pub zone: String,
    pub expression: String,
    pub next_at: Timestamp,
    /// For which time it was done last, and the job that did it.
    pub last_at: Option<Timestamp>,
    pub last_job: Option<JobId>,
    pub paused_at: Option<Timestamp>,
    pub paused_by: Option<String>,
    /// When it was asked for out of its turn, while that has not been done.
    pub asked_at: Option<Timestamp>,
    pub asked_by: Option<String>,
}
