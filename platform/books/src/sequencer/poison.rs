//! Running a batch to its end: again when the connection is lost, in halves when it is poisoned.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt;
use socle_db::{Db, SystemTx};
use socle_kernel::{Fault, Kind};
use tokio::time;

use super::watch::Watch;
use crate::{
    Error, Receipt, Unit,
    batch::{
        self, Care,
        blame::{is_race, own_refusal},
    },
    sql::Books,
};

/// How often a batch is run again while the database is away, and how long it pauses in between:
/// 0.1 + 0.2 + … + 1.6 s, within what a caller waits for.
const RERUNS_MAX: u32 = 5;
const PAUSE_FIRST: Duration = Duration::from_millis(100);

/// How often a unit is run again when another process was writing the same identifiers.
const RACES_MAX: u32 = 3;

type Outcomes = Vec<Result<Receipt, Error>>;

/// A caught panic.
#[derive(Debug, thiserror::Error)]
#[error("the books panicked; the batch was undone")]
struct Panicked;

/// Where batches are run, and who is told of them.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) db: Db,
    pub(super) watch: Watch,
}

impl Desk {
    /// Runs the units, in one commit if nothing is wrong with any of them.
    pub(super) async fn run(&self, units: Vec<Unit>) -> Outcomes {
        match self.attempt(&units, Care::Quick).await {
            Ok(outcomes) => outcomes,
            Err(_) => self.run_carefully(&units).await,
        }
    }

    /// Runs them with a look at what exists; when that fails too, in halves, until each poisonous
    /// unit stands alone with its own error.
    async fn run_carefully(&self, units: &[Unit]) -> Outcomes {
        let fault = match self.attempt_again_and_again(units).await {
            Ok(outcomes) => return outcomes,
            Err(fault) => fault,
        };
        if fault.kind() == Kind::Unavailable {
            return shared(&fault, units.len());
        }
        if let [unit] = units {
            return vec![self.alone(unit, fault).await];
        }
        let (left, right) = units.split_at(units.len() / 2);
        let mut outcomes = Box::pin(self.run_carefully(left)).await;
        outcomes.append(&mut Box::pin(self.run_carefully(right)).await);
        outcomes
    }

    /// While the database is away; the identifiers make a repetition safe.
    async fn attempt_again_and_again(&self, units: &[Unit]) -> Result<Outcomes, Fault> {
        let mut pause = PAUSE_FIRST;
        for _ in 0..RERUNS_MAX {
            match self.attempt(units, Care::Careful).await {
                Err(fault) if fault.kind() == Kind::Unavailable => {
                    tracing::warn!(
                        error = &fault as &dyn std::error::Error,
                        "running a batch again"
                    );
                    time::sleep(pause).await;
                    pause *= 2;
                }
                done => return done,
            }
        }
        self.attempt(units, Care::Careful).await
    }

    async fn attempt(&self, units: &[Unit], care: Care) -> Result<Outcomes, Fault> {
        let units: Vec<&Unit> = units.iter().collect();
        let batch =
            self.db.run_system(async |tx: &mut SystemTx| -> Result<batch::Outcomes, Fault> {
                batch::run(&mut Books::OfAll(tx), &units, care).await
            });
        // The transaction is dropped with the panic, so nothing of it can be seen half done.
        let done = AssertUnwindSafe(batch).catch_unwind().await;
        let done = done.unwrap_or_else(|_| {
            self.watch.panicked();
            Err(Fault::internal("post to the books", Panicked))
        });
        Ok(done?.into_iter().map(|it| it.map_err(Error::from)).collect())
    }

    /// The one unit that is at fault.
    async fn alone(&self, unit: &Unit, fault: Fault) -> Result<Receipt, Error> {
        let mut fault = fault;
        for _ in 0..RACES_MAX {
            match own_refusal(unit, &fault) {
                Some(refusal) => return Err(refusal.into()),
                None if !is_race(&fault) => break,
                None => {}
            }
            match self.attempt(std::slice::from_ref(unit), Care::Careful).await {
                Ok(mut outcomes) => return outcomes.remove(0),
                Err(again) => fault = again,
            }
        }
        Err(own_refusal(unit, &fault).map_or(Error::Fault(fault), Error::from))
    }
}

/// One fault, told to everybody whom it met.
fn shared(fault: &Fault, count: usize) -> Outcomes {
    let why: Arc<str> =
        std::iter::successors(Some(fault as &dyn std::error::Error), |it| it.source())
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(": ")
            .into();
    (0..count)
        .map(|_| Err(Fault::unavailable("post to the books", why.to_string()).into()))
        .collect()
}
