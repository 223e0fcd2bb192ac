#![doc = include_str!("../README.md")]
#![expect(clippy::missing_panics_doc, reason = "test helpers fail by panicking")]

mod server;

mod database;

mod answer;
mod caller;
mod child;
mod collector;
mod golden;
mod plan;
mod prometheus;
mod visitor;
mod world;

pub use answer::Answer;
pub use caller::{Clock, cx, elsewhere};
pub use child::{Child, child_scenario};
pub use collector::{Collector, spans_of, text_of};
pub use database::TestDatabase;
pub use golden::golden;
pub use plan::plan;
pub use prometheus::{Prometheus, root, tool};
pub use server::server;
pub use visitor::{Believing, Visitor};
pub use world::World;
