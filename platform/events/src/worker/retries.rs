//! Trying again what failed: the first of each key, in its time.

use socle_db::{SystemTx, Tx, failpoint};
use socle_kernel::{Fault, Timestamp};
use tracing::Instrument;

use super::{Worker, part::told};
use crate::sql::deliveries::{self, Due, Failure, Looking};

/// How many deliveries are looked up at a time.
const LOOK: i64 = 100;

impl Worker {
    /// Tries again what is due; returns how many were tried.
    pub(super) async fn retry(&mut self, now: Timestamp) -> Result<u64, Fault> {
        let looking = || Looking {
            group: self.desk.subscription.group,
            now,
            never: now.after(self.desk.subscription.retry.longest),
            partitions: self.holdings.first().map_or(1, |it| it.partitions),
            held: self.holdings.iter().map(|it| it.partition).collect(),
        };
        let look = async |tx: &mut SystemTx| deliveries::due(tx, looking(), LOOK).await;
        let due = self.desk.consumer.run_system(look).await?;
        let tried = due.len() as u64;
        for it in due {
            self.lease.assert_held()?;
            self.retry_one(it, now).await?;
        }
        Ok(tried)
    }

    async fn retry_one(&mut self, due: Due, now: Timestamp) -> Result<(), Fault> {
        let (desk, it) = (&self.desk, &due.envelope);
        let (group, handler) = (desk.subscription.group, &desk.subscription.handle);
        let cx = desk.cx_of(std::slice::from_ref(it), now);
        let work = desk.consumer.run(&cx, async |tx: &mut Tx| {
            if deliveries::done(tx, group, it.id).await? {
                handler(&cx, tx, vec![it.clone()]).await?;
                deliveries::follow(tx, group, &it.partitionkey, now).await?;
            }
            failpoint("events.retried");
            Ok(())
        });
        let span = desk.span_of(std::slice::from_ref(it));
        let done = desk.guarded(work).instrument(span).await;
        match done {
            Err(fault) if self.desk.outages.are_of(std::slice::from_ref(it), &fault) => {
                self.failed(due, &fault, now).await
            }
            Ok(()) => {
                self.desk.watch.retried();
                Ok(())
            }
            away => away,
        }
    }

    /// Counts the try; after the last one the event is a dead letter, and its key goes on.
    async fn failed(&self, due: Due, why: &Fault, now: Timestamp) -> Result<(), Fault> {
        let (desk, it, group) = (&self.desk, &due.envelope, self.desk.subscription.group);
        let tries = u32::try_from(due.tries).unwrap_or(u32::MAX).saturating_add(1);
        let next_at = desk.next_at(it, (tries, why), now);
        let failure = || Failure {
            group,
            id: it.id,
            tries: due.tries,
            state: next_at.map_or_else(|| "dead".to_owned(), |_| due.state.clone()),
            next_at: next_at.unwrap_or(now),
            error: told(why),
        };
        let cx = desk.cx_of(std::slice::from_ref(it), now);
        let count = async |tx: &mut Tx| -> Result<bool, Fault> {
            let is_counted = deliveries::fail(tx, failure()).await?;
            if is_counted && next_at.is_none() {
                deliveries::follow(tx, group, &it.partitionkey, now).await?;
            }
            Ok(is_counted)
        };
        if desk.consumer.run(&cx, count).await? {
            desk.tell(it, why, next_at.is_none());
        }
        Ok(())
    }
}
