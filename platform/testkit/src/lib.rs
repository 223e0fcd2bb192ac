#![doc = include_str!("../README.md")]
#![expect(clippy::missing_panics_doc, reason = "test helpers fail by panicking")]

mod server;

mod database;

mod caller;
mod child;
mod golden;

pub use caller::{Clock, cx, elsewhere};
pub use child::{Child, child_scenario};
pub use database::TestDatabase;
pub use golden::golden;
pub use server::server;
