//! One attempt at a job, as its handler sees it.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use std::{fmt, sync::Arc, time::Duration};

use socle_db::Tx;
use socle_kernel::{Cx, Fault};
use tokio::{sync::watch, time};

use crate::{
    JobId,
    sql::{
        finish::{self, END},
        lease::Progress,
    },
};

/// The longest note of a job's progress, in characters.
const NOTE_MAX: usize = 500;

/// An attempt at a job.
#[derive(Clone)]
pub struct Run {
    /// The tenant of the job, the job's kind as the actor, what the job belongs to as the
    /// correlation, the job as the causation, and the end of the attempt as the deadline.
    pub cx: Cx,
    pub id: JobId,
    /// 1 for the first.
    pub attempt: u32,
    pub(crate) claim: Arc<Claim>,
}

/// What a worker and the handler say to each other about a job that runs.
#[derive(Debug)]
pub(crate) struct Claim {
    pub(crate) id: JobId,
    pub(crate) fence: i32,
    order: watch::Sender<Order>,
    progress: Mutex<Option<Progress>>,
    is_finished: AtomicBool,
}

/// What the handler is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    GoOn,
    /// To end by itself, soon.
    Cancel,
    /// It is ended where it stands.
    End(Ending),
}

/// Why an attempt is ended from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Cancelled,
    /// The process stops.
    HandedBack,
    /// Others have the job by now.
    Lost,
}

/// The job is not this worker's any more.
#[derive(Debug, thiserror::Error)]
#[error("the job was given to another worker meanwhile, so what was done for it here is undone")]
struct Lost;

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Run {
    /// Ends the job in the handler's own transaction, so that its effect and its end are one
    /// commit. A fault says that the job is another worker's: the transaction must not commit.
    pub async fn finish_in(&self, tx: &mut Tx) -> Result<(), Fault> {
        let ended = [(self.claim.id, self.claim.fence, "done")];
        self.claim.is_finished.store(true, Ordering::SeqCst);
        match finish::end(tx.template(END), &ended, self.cx.now).await? {
            1 => Ok(()),
            _ => Err(Fault::internal("finish the job", Lost)),
        }
    }

    /// Says how far the job has come; it is seen within a second.
    pub fn progress(&self, done: u64, total: u64, note: &str) {
        let number = |it: u64| i64::try_from(it).unwrap_or(i64::MAX);
        let note = note.replace('\0', "").chars().take(NOTE_MAX).collect();
        let progress = Progress { done: number(done), total: number(total), note };
        *self.claim.progress.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress);
    }

    /// Whether somebody has asked the job to end.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.claim.order.borrow() != Order::GoOn
    }

    /// Returns when somebody asks the job to end; what it does then it does within ten seconds.
    pub async fn cancelled(&self) {
        self.claim.ordered(|it| it != Order::GoOn).await;
    }
}

impl Claim {
    pub(crate) fn new(id: JobId, fence: i32) -> Self {
        let (order, _) = watch::channel(Order::GoOn);
        Self { id, fence, order, progress: Mutex::default(), is_finished: AtomicBool::new(false) }
    }

    /// Gives an order, unless a stricter one was given.
    pub(crate) fn order(&self, order: Order) {
        self.order.send_if_modified(|it| {
            let is_news = *it != order && !matches!(it, Order::End(_));
            if is_news {
                *it = order;
            }
            is_news
        });
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        *self.order.borrow() == Order::Cancel
    }

    /// Whether the handler has ended the job itself, as far as its transaction has committed.
    pub(crate) fn is_finished(&self) -> bool {
        self.is_finished.load(Ordering::SeqCst)
    }

    /// The progress that was not told yet.
    pub(crate) fn take_progress(&self) -> Option<Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Returns when the attempt is to be ended from outside.
    pub(crate) async fn ended(&self, grace: Duration) -> Ending {
        match self.ordered(|it| it != Order::GoOn).await {
            Order::End(ending) => return ending,
            Order::GoOn | Order::Cancel => {}
        }
        let stricter = self.ordered(|it| matches!(it, Order::End(_)));
        match time::timeout(grace, stricter).await {
            Ok(Order::End(ending)) => ending,
            _ => Ending::Cancelled,
        }
    }

    async fn ordered(&self, is_wanted: impl Fn(Order) -> bool) -> Order {
        let mut orders = self.order.subscribe();
        let order = orders.wait_for(|it| is_wanted(*it)).await;
        order.map_or(Order::GoOn, |it| *it)
    }
}
