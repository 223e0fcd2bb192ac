//! Wires that are cut, silent or slow.

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    Failed,
    world::{Wire, WireState},
};

/// What each piece takes on a slow wire: a request is many of them.
const SLOW: Duration = Duration::from_millis(60);

/// Long enough for every connection to have ended.
const MOMENT: Duration = Duration::from_millis(20);

pub(super) async fn cut(wire: &Wire, time: Duration) -> Result<(), Failed> {
    wire.set(WireState::Cut);
    sleep(time).await;
    wire.set(WireState::Open);
    Ok(())
}

/// What was said meanwhile is lost: a commit may have been done and its answer not.
pub(super) async fn silence(wire: &Wire, time: Duration) -> Result<(), Failed> {
    wire.set(WireState::Silent);
    sleep(time).await;
    cut(wire, MOMENT).await
}

pub(super) async fn slow(wire: &Wire, time: Duration) -> Result<(), Failed> {
    wire.set(WireState::Slow(SLOW));
    sleep(time).await;
    wire.set(WireState::Open);
    Ok(())
}
