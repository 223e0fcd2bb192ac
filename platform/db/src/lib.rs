#![doc = include_str!("../README.md")]

pub mod server;

mod roles;
mod schema;

mod erase;
mod migrate;

mod bell;
mod carry;
mod database;
mod db;
mod reader;
mod statement;
mod survey;
mod trips;
mod tx;

mod failpoint;
mod failure;

pub use bell::Bell;
pub use database::{Database, Logins};
pub use db::Db;
pub use failpoint::failpoint;
pub use failure::{Refusal, refusal};
pub use migrate::{Migration, MigrationRefused, Module};
pub use reader::Reader;
pub use schema::Schema;
pub use statement::Statement;
pub use survey::{Applied, Survey};
pub use tx::{SystemTx, Tx};

/// Where a process can be made to die in a test; each is proven to be reached.
pub const FAILPOINTS: &[&str] = &["erased-batch"];
