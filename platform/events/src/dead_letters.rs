//! Deliveries that a group could not handle: looked at, replayed, given up.

use std::str::FromStr;

use socle_db::{Db, SystemTx};
use socle_kernel::{Fault, TenantId};

use crate::{
    EventId,
    sql::letters::{self, Decision},
};

pub use crate::sql::letters::{Counts, Letter};

/// Rung when somebody has decided about deliveries.
pub(crate) const BELL: &str = "deliveries";

/// The most letters of a page.
pub const PAGE_MAX: i64 = 500;

/// What becomes of a delivery that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Tried again later; its key waits.
    Retrying,
    /// Behind one of its key that is tried again.
    Waiting,
    /// A dead letter that is tried again; its key has gone on.
    Replaying,
    /// Tried as often as was agreed, or unreadable; its key has gone on.
    Dead,
    /// Handled in the end.
    Handled,
    /// Given up by somebody.
    Discarded,
}

/// No state is called so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a delivery is retrying, waiting, replaying, dead, handled or discarded")]
pub struct NotAState;

/// Which letters are looked at: all that there is no word about here.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'f> {
    pub group: Option<&'f str>,
    pub tenant: Option<TenantId>,
    pub state: Option<State>,
}

/// Which letters are decided about.
#[derive(Debug, Clone, Copy)]
pub enum Picked<'p> {
    Ids(&'p [EventId]),
    /// Every dead one.
    All,
}

impl State {
    /// Every state, in the order in which a delivery may pass through them.
    pub const ALL: [Self; 6] = [
        Self::Retrying,
        Self::Waiting,
        Self::Dead,
        Self::Replaying,
        Self::Handled,
        Self::Discarded,
    ];

    /// As it is kept and printed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retrying => "retrying",
            Self::Waiting => "waiting",
            Self::Replaying => "replaying",
            Self::Dead => "dead",
            Self::Handled => "handled",
            Self::Discarded => "discarded",
        }
    }
}

impl FromStr for State {
    type Err = NotAState;

    fn from_str(text: &str) -> Result<Self, NotAState> {
        Self::ALL.into_iter().find(|it| it.as_str() == text).ok_or(NotAState)
    }
}

/// Letters in the order of their names, after the one whose name ended the last page.
pub async fn list(
    consumer: &Db,
    filter: Filter<'_>,
    after: Option<(&str, EventId)>,
    limit: i64,
) -> Result<Vec<Letter>, Fault> {
    let limit = limit.clamp(1, PAGE_MAX);
    let list = async |tx: &mut SystemTx| letters::list(tx, filter, after, limit).await;
    consumer.run_system(list).await
}

/// What has become of an event in a group, if it ever failed there.
pub async fn find(consumer: &Db, group: &str, id: EventId) -> Result<Option<Letter>, Fault> {
    consumer.run_system(async |tx: &mut SystemTx| letters::find(tx, group, id).await).await
}

/// How many letters each group has.
pub async fn count(consumer: &Db) -> Result<Vec<Counts>, Fault> {
    consumer.run_system(async |tx: &mut SystemTx| letters::count(tx).await).await
}

/// Has letters of a group tried again at once, as if for the first time; returns how many.
///
/// A dead one comes behind what its key has done meanwhile: a handler that must not go back looks
/// at `sequence`. What it has been through stays with it.
pub async fn replay(
    consumer: &Db,
    group: &str,
    picked: Picked<'_>,
    by: &str,
) -> Result<u64, Fault> {
    decide(consumer, (group, Decision::Replay), picked, by).await
}

/// Gives letters of a group up; what waits for them in their keys goes on. Returns how many.
pub async fn discard(
    consumer: &Db,
    group: &str,
    picked: Picked<'_>,
    by: &str,
) -> Result<u64, Fault> {
    decide(consumer, (group, Decision::Discard), picked, by).await
}

async fn decide(
    consumer: &Db,
    (group, decision): (&str, Decision),
    picked: Picked<'_>,
    by: &str,
) -> Result<u64, Fault> {
    let ids = match picked {
        Picked::Ids(ids) => Some(ids),
        Picked::All => None,
    };
    let decide = async |tx: &mut SystemTx| -> Result<u64, Fault> {
        let decided = letters::decide(tx, (group, decision), ids, by).await?;
        letters::wake(tx, group).await?;
        Ok(decided)
    };
    let decided = consumer.run_system(decide).await?;
    tracing::info!(group, by, decided, ?decision, "letters were decided about");
    Ok(decided)
}
