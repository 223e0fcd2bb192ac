//! How the ledger is plugged in.

use socle_db::{Migration, Module};

/// The ledger's tables: the books', and its own.
pub const MODULE: Module = Module {
    name: "ledger",
    platform: &[socle_events::TABLES, socle_books::TABLES],
    own: &[Migration {
        version: 1,
        description: "ledger",
        sql: include_str!("../migrations/0001_ledger.sql"),
    }],
};
