//! What happens after the commit: events, what failed of them, jobs, the calendar.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum JobsCommand {
    /// Jobs, the newest first; of every tenant, unless --tenant names one.
    List(JobsFilter),
    /// One job: how it stands, how far it has come, why it failed.
    Show {
        /// Which: `job_…`.
        id: String,
    },
    /// How many jobs each queue has, how long the oldest waits, and what is paused.
    Queues,
    /// Take no more jobs from a queue; what runs goes on.
    Pause {
        /// critical, high, default, low or scheduled.
        queue: String,
    },
    /// Take jobs from a queue again.
    Resume {
        /// critical, high, default, low or scheduled.
        queue: String,
    },
    /// Do a job now that waits for its time.
    RunNow {
        /// Which: `job_…`.
        id: String,
    },
    /// End a job that waits; ask one that runs to end.
    Cancel {
        /// Which: `job_…`.
        id: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct JobsFilter {
    /// critical, high, default, low or scheduled.
    #[arg(long)]
    pub(crate) queue: Option<String>,
    /// What it does: `ledger.expire-points`.
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// waiting, running, dead, done, cancelled or discarded.
    #[arg(long)]
    pub(crate) state: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CronCommand {
    /// What is done again and again, when it was last, and when it is next.
    List,
    /// Do not do it until it is resumed; of every tenant, unless --tenant names one.
    Pause {
        /// As `list` names it.
        name: String,
    },
    /// Do it again at its times.
    Resume {
        /// As `list` names it.
        name: String,
    },
    /// Do it once now, besides its times.
    RunNow {
        /// As `list` names it.
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum DeadLettersCommand {
    /// Events and jobs that failed for good, the oldest first.
    List,
    /// One of them: what it was to do, and why it failed.
    Show {
        /// Which: `job_…` or `evt_…`.
        id: String,
    },
    /// Try them again, with all their attempts.
    Replay(DeadLetters),
    /// Give them up.
    Discard(DeadLetters),
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct DeadLetters {
    /// Which: `job_…` or `evt_…`, several if you like.
    pub(crate) ids: Vec<String>,
    /// All of a group of readers, as `socle events groups` names it.
    #[arg(long)]
    pub(crate) group: Option<String>,
    /// All of a kind of job, or of a type of event.
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// All.
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EventsCommand {
    /// Who reads events, and how far each has come.
    Groups,
    /// Print events as they happen, one a line; of every tenant, unless --tenant names one.
    Tail(Tail),
    /// Forget a group that no program reads for any more: it holds up what is kept for it.
    Forget {
        /// As `groups` names it.
        group: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Tail {
    /// Only these types, as in `ledger.transaction.posted`.
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) types: Vec<String>,
    /// From the oldest event that is kept, and not only what happens from now on.
    #[arg(long)]
    pub(crate) from_start: bool,
    /// End when there is nothing more for the moment.
    #[arg(long)]
    pub(crate) no_follow: bool,
}
