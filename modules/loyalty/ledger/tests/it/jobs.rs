//! What the ledger does by itself: its jobs, pumped by hand, and the calendar that brings them.

mod announcing;
mod forgetting;
mod holds;
mod points;
mod verifying;

use jiff::tz::TimeZone;
use socle_jobs::{Desk, Filter, Seen};
use socle_kernel::{TenantId, Timestamp};

use crate::world::World;

/// A moment, as printed.
fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

/// The world's tenant, in this zone.
fn living_in(world: &World, zone: &str) -> Vec<(TenantId, TimeZone)> {
    vec![(world.cx.tenant, TimeZone::get(zone).expect("a zone"))]
}

/// Jobs of one kind, the latest first.
async fn jobs(world: &World, kind: &str) -> Vec<Seen> {
    let desk = Desk::new(world.database.db("ledger"));
    let filter = Filter { kind: Some(kind.to_owned()), ..Filter::default() };
    desk.list(&filter, None).await.expect("a list")
}
