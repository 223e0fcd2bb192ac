#![doc = include_str!("../README.md")]

mod job;

mod enqueue;
mod run;
mod work;

mod cron;
mod worker;

mod desk;

mod failure;
mod fair;
mod shares;
mod sql;

pub use cron::{Cron, Missed, TenantDirectory, Zone};
pub use desk::{Cancelled, CronEntry, Dead, Depth, Desk, Filter, PAGE_MAX, Pause, Seen, State};
pub use enqueue::{Enqueued, JOBS_MAX, enqueue, enqueue_all, enqueue_at};
pub use job::{EVERY_TENANT, Job, JobId, NotAQueue, Queue, Task};
pub use run::Run;
pub use work::Work;
pub use worker::{Settings, Slots, Worker};

use socle_db::Migration;

/// Creates the tables of jobs in a module's schema.
pub const TABLES: &[Migration] = &[Migration {
    version: 30,
    description: "jobs",
    sql: include_str!("../migrations/0030_jobs.sql"),
}];

/// Rung when there may be something to do.
const BELL: &str = "jobs";

/// Where a process can be made to die in a test; each is proven to be reached.
pub const FAILPOINTS: &[&str] =
    &["jobs.taken", "jobs.ran", "jobs.finishing", "jobs.finished", "jobs.turning", "jobs.turned"];
