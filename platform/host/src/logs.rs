//! Keeping the modules' logs of events: room ahead, and nothing kept that is old and heard by all.

use std::time::Duration;

use futures_util::future::BoxFuture;
use socle_db::Database;
use socle_events::{partitions, retention};
use socle_kernel::{Fault, Timestamp};
use socle_telemetry::Metrics;

use crate::Background;

/// How often room is made; a module that fills it within this time writes 140,000 events a second.
const MAKING: Duration = Duration::from_mins(1);

/// How often what is old is dropped.
const DROPPING: Duration = Duration::from_mins(10);

/// The rounds that keep the logs of these modules.
pub(crate) fn keep(
    database: &Database,
    modules: &[&'static str],
    metrics: &Metrics,
) -> [Background; 2] {
    let (logs, making) = (Vec::from(modules), database.clone());
    let make = move |_: Timestamp| -> BoxFuture<'static, Result<(), Fault>> {
        let (database, modules) = (making.clone(), logs.clone());
        Box::pin(async move {
            for module in modules {
                partitions::keep(&database, module).await?;
            }
            Ok(())
        })
    };
    let (logs, dropping, metrics) = (Vec::from(modules), database.clone(), metrics.clone());
    let drop_old = move |_: Timestamp| -> BoxFuture<'static, Result<(), Fault>> {
        let (database, modules, metrics) = (dropping.clone(), logs.clone(), metrics.clone());
        Box::pin(async move {
            for module in modules {
                let kept = retention::keep(&database, module, retention::AGE).await?;
                metrics.events_kept(module, &kept.retained, kept.unseen.len());
            }
            Ok(())
        })
    };
    [
        Background::new("events.partitions", MAKING, make),
        Background::new("events.retention", DROPPING, drop_old),
    ]
}
