//! Tenants whose grace is over are erased, by the administrator, while Socle serves.

use std::time::Duration;

use tokio::time::sleep;

use crate::{clock, runtime::Runtime};

/// How often it is looked whether somebody's grace is over: graces are days.
const LOOK: Duration = Duration::from_hours(1);

/// Look after look, for ever; one that fails is told and done again.
pub(super) async fn work(runtime: &Runtime) {
    loop {
        match runtime.erase_due(&clock::cx_of_nobody("erasure")).await {
            Ok(erased) if erased.is_empty() => {}
            Ok(erased) => tracing::info!(tenants = erased.len(), "erased what had left"),
            Err(failure) => tracing::error!(%failure, "could not erase what has left"),
        }
        sleep(LOOK).await;
    }
}
