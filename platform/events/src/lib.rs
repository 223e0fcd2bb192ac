#![doc = include_str!("../README.md")]

mod fact;
mod publish;
pub mod sql;

pub use fact::{Author, EventId, Fact, Occurrence};
pub use publish::publish;

use socle_db::Migration;

/// Creates the outbox in a module's schema.
pub const TABLES: &[Migration] = &[Migration {
    version: 10,
    description: "outbox",
    sql: include_str!("../migrations/0010_outbox.sql"),
}];
