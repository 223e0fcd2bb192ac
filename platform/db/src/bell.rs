//! Bells: who waits for rows is told that there may be some, after the commit that made them.
//!
//! A bell carries nothing and may be lost: polling is the truth, a bell makes it prompt. In one
//! process a ring costs nothing; what carries rings to other processes is in `carry`.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, watch};

/// The bells of one process, by schema and name. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bells(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    all: Mutex<BTreeMap<(String, &'static str), watch::Sender<()>>>,
    /// Rung here and not yet carried to other processes.
    pending: Mutex<BTreeSet<(String, &'static str)>>,
    to_carry: Notify,
}

/// Hears one bell of one schema.
#[derive(Debug)]
pub struct Bell(watch::Receiver<()>);

impl Bell {
    /// Returns when the bell has rung since this was last called, or since it was hung up.
    pub async fn rung(&mut self) {
        if self.0.changed().await.is_err() {
            // The process is closing its database: nobody rings any more.
            std::future::pending::<()>().await;
        }
    }
}

impl Bells {
    /// A hearer of this bell.
    pub(crate) fn hear(&self, schema: &str, name: &'static str) -> Bell {
        let mut all = locked(&self.0.all);
        Bell(all.entry((schema.to_owned(), name)).or_default().subscribe())
    }

    /// Tells the hearers of this process, and has it carried to the others.
    pub(crate) fn ring(&self, schema: &str, name: &'static str) {
        if let Some(bell) = locked(&self.0.all).get(&(schema.to_owned(), name)) {
            bell.send_replace(());
        }
        locked(&self.0.pending).insert((schema.to_owned(), name));
        self.0.to_carry.notify_one();
    }

    /// Tells the hearers of this process of a ring in another, called as by [`drain`](Self::drain).
    pub(crate) fn rang_elsewhere(&self, rung: &str) {
        let all = locked(&self.0.all);
        let bell = all.iter().find(|((schema, name), _)| rung == format!("{schema}/{name}"));
        if let Some((_, bell)) = bell {
            bell.send_replace(());
        }
    }

    /// Waits for rings to carry, and takes them: `schema/name` of each bell.
    pub(crate) async fn drain(&self) -> Vec<String> {
        self.0.to_carry.notified().await;
        let pending = mem::take(&mut *locked(&self.0.pending));
        pending.into_iter().map(|(schema, name)| format!("{schema}/{name}")).collect()
    }
}

/// What is behind the lock is whole after every step, whoever panicked.
fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
