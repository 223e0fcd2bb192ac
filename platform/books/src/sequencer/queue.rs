//! Working the queue: form a batch, run it, answer.

use std::collections::{HashSet, VecDeque};

use socle_db::{Db, failpoint};
use socle_kernel::Id;
use tokio::sync::{
    mpsc::{self, error::TryRecvError},
    oneshot,
};
use uuid::Uuid;

use super::{poison::Desk, watch::Watch};
use crate::{Error, Receipt, Unit};

/// The most commands of a batch.
const COMMANDS_MAX: usize = 4_000;

/// The most bytes of a batch, as far as callers decide about them.
const BYTES_MAX: usize = 4 << 20;

/// A unit in the queue.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) unit: Unit,
    pub(super) answer: oneshot::Sender<Result<Receipt, Error>>,
}

/// Works until every [`Sequencer`](super::Sequencer) is gone and the queue is empty.
pub(super) async fn work(db: Db, mut queue: mpsc::Receiver<Waiting>, watch: Watch) {
    let desk = Desk { db, watch };
    let mut put_off = VecDeque::new();
    loop {
        if put_off.is_empty() {
            let Some(first) = queue.recv().await else { return };
            put_off.push_back(first);
        }
        let batch = form(&mut put_off, &mut queue);
        let (units, answers): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|it| (it.unit, it.answer)).unzip();
        desk.watch.posted(units.len());
        let outcomes = desk.run(units).await;
        failpoint("books.committed");
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            // A caller that has gone away can ask again with its key.
            drop(answer.send(outcome));
        }
        failpoint("books.answered");
    }
}

/// Takes what is waiting, up to the limits; what repeats a key or an identifier of the batch is
/// put off to the next one, where it finds the first already done.
fn form(put_off: &mut VecDeque<Waiting>, queue: &mut mpsc::Receiver<Waiting>) -> Vec<Waiting> {
    let (mut batch, mut later) = (Vec::new(), VecDeque::new());
    let mut used: HashSet<(Uuid, Uuid)> = HashSet::new();
    let (mut commands, mut bytes) = (0, 0);
    while commands < COMMANDS_MAX && bytes < BYTES_MAX {
        let next = put_off.pop_front().map_or_else(|| queue.try_recv(), Ok);
        let waiting = match next {
            Ok(it) => it,
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
        };
        let names: Vec<_> = waiting.unit.names().collect();
        if names.iter().any(|it| used.contains(it)) {
            later.push_back(waiting);
            continue;
        }
        used.extend(names);
        commands += waiting.unit.commands.len().max(1);
        bytes += waiting.unit.bytes();
        batch.push(waiting);
    }
    later.append(put_off);
    *put_off = later;
    batch
}

impl Unit {
    /// What no two units of a batch may share: keys, and identifiers of transfers.
    fn names(&self) -> impl Iterator<Item = (Uuid, Uuid)> {
        let tenant = self.tenant.uuid();
        let ids = self.transfers().map(Id::uuid).chain(self.keys.iter().map(|it| it.id));
        ids.map(move |it| (tenant, it))
    }
}
