//! How auth is plugged in.

use socle_db::{Migration, Module};

/// Auth's tables.
pub const MODULE: Module = Module {
    name: "auth",
    platform: &[],
    own: &[Migration {
        version: 1,
        description: "tenants",
        sql: include_str!("../migrations/0001_tenants.sql"),
    }],
};
