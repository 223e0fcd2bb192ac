#![doc = include_str!("../README.md")]

mod envelope;
mod fact;
mod publish;

mod subscription;
mod watch;
mod worker;

pub mod dead_letters;
pub mod groups;

pub mod partitions;
pub mod retention;

pub mod tail;

pub mod sql;

pub use envelope::{Delivery, Envelope, Incoming};
pub use fact::{Author, EventId, Fact, Occurrence};
pub use publish::{publish, publish_all};
pub use subscription::{Start, Subscription};
pub use worker::Worker;

use socle_db::Migration;

/// Creates, in a module's schema, the log of its events, who reads them, and what it has done with
/// those of others.
pub const TABLES: &[Migration] = &[
    Migration {
        version: 10,
        description: "outbox",
        sql: include_str!("../migrations/0010_outbox.sql"),
    },
    Migration {
        version: 11,
        description: "the outbox as a log",
        sql: include_str!("../migrations/0011_log.sql"),
    },
    Migration {
        version: 12,
        description: "inbox",
        sql: include_str!("../migrations/0012_inbox.sql"),
    },
    Migration {
        version: 13,
        description: "groups that are gone",
        sql: include_str!("../migrations/0013_keeping.sql"),
    },
    Migration {
        version: 14,
        description: "index of letters",
        sql: include_str!("../migrations/0014_letters.sql"),
    },
];

/// Where a process can be made to die in a test; each is proven to be reached.
pub const FAILPOINTS: &[&str] = &[
    "events.handled",
    "events.committed",
    "events.parked",
    "events.retried",
    "events.page-handled",
    "events.position-saved",
];
