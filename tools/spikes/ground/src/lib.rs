//! What both spikes stand on: a real PostgreSQL with an outbox and an inbox, the two loops between
//! them and a bus, children that are stopped or killed, and the table of what was seen.

mod broker;
mod bus;
mod child;
pub mod experiments;
mod fact;
mod fault;
mod inbox;
mod members;
mod outbox;
mod part;
mod postgres;
mod report;
mod scene;
mod sql;
mod wish;

pub use broker::{Broker, free_port, until};
pub use bus::{Page, Publisher, Reader, consume, relay};
pub use child::Child;
pub use fact::{Fact, SLOTS};
pub use fault::{Doing, Fault};
pub use inbox::Inbox;
pub use members::Members;
pub use outbox::{Outbox, write};
pub use part::{Part, Point};
pub use postgres::{Database, Postgres, connect};
pub use report::{Counts, Table};
pub use scene::Scene;
pub use wish::wanted;
