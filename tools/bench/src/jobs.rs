//! Who does jobs, and what is asked of each: the same of this project's and of the peers'.

mod socle;

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;

use crate::{
    Failed,
    peer::Peer,
    place::{self, Ground, Place},
    round::{Tally, count},
};

/// Who does jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doer {
    Socle,
    Peer(Peer),
}

/// What stands beside the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    Nothing,
    /// A transaction that began before the workers and looks on until they are done: what they
    /// delete or write again meanwhile stays, and is walked over.
    Snapshot,
}

/// Jobs that were all there before the workers.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Heap {
    pub(crate) jobs: u64,
    /// Who has not done all of them by then is stopped.
    pub(crate) seconds_max: u64,
}

/// How far they came.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Burnt {
    pub(crate) done: u64,
    pub(crate) seconds: f64,
}

/// Jobs that are due one after the other, each enqueued in a transaction of its own.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Pace {
    /// Jobs a second.
    pub(crate) rate: u32,
    pub(crate) seconds: u32,
    pub(crate) callers: u32,
    /// Tenants 1 to this have them in turns.
    pub(crate) tenants: u32,
    /// As many jobs of tenant 0 are enqueued at once just before.
    pub(crate) flood: u64,
    /// How long a handler waits for something.
    pub(crate) work_ms: u64,
    /// How many jobs run at a time; without it, as many as the doer likes best.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) workers: Option<u32>,
}

/// How long jobs waited until they were begun.
#[derive(Debug, Deserialize)]
pub(crate) struct Waits {
    /// Jobs that were not begun within a minute after the last was enqueued.
    pub(crate) missing: u64,
    after_commit_us: Vec<u32>,
    after_due_us: Vec<u32>,
}

/// Callers whose transactions insert a row, and enqueue a job or not, in rounds that alternate.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Calls {
    pub(crate) callers: u32,
    pub(crate) seconds: f64,
    pub(crate) rounds: usize,
}

/// What the transactions took.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Costs {
    pub(crate) without: Vec<Transactions>,
    pub(crate) with: Vec<Transactions>,
}

/// A round of them.
#[derive(Debug, Deserialize)]
pub(crate) struct Transactions {
    seconds: f64,
    latencies_us: Vec<u32>,
}

/// The caller's business, in a peer's database.
const BUSINESS: &str = "
    create table business (id bigint generated always as identity primary key, what text not null)";

impl Doer {
    /// This project first, then the peers that were fetched.
    pub(crate) fn all() -> Vec<Self> {
        let peers = Peer::there().into_iter().map(Self::Peer);
        [Self::Socle].into_iter().chain(peers).collect()
    }

    /// Lets all the jobs be enqueued, then done.
    pub(crate) async fn burn_down(
        self,
        place: &Place,
        heap: Heap,
        beside: Beside,
    ) -> Result<Burnt, Failed> {
        match self {
            Self::Socle => socle::burn_down(place, heap, beside).await,
            Self::Peer(it) => {
                let prepared = it.prepare(place, "burn-down", json!(heap)).await?;
                let onlooker = beside.begin(&prepared.ground).await?;
                let burnt = prepared.go(place).await;
                drop(onlooker);
                burnt
            }
        }
    }

    /// Lets jobs be enqueued at a pace, and done meanwhile.
    pub(crate) async fn steady(self, place: &Place, asked: Pace) -> Result<Waits, Failed> {
        match self {
            Self::Socle => socle::steady(place, asked).await,
            Self::Peer(it) => it.prepare(place, "steady", json!(asked)).await?.go(place).await,
        }
    }

    /// Lets callers enqueue, while nobody works.
    pub(crate) async fn enqueue(self, place: &Place, calls: Calls) -> Result<Costs, Failed> {
        match self {
            Self::Socle => socle::enqueue(place, calls).await,
            Self::Peer(it) => {
                let prepared = it.prepare(place, "enqueue", json!(calls)).await?;
                place::run(&mut prepared.ground.admin().await?, BUSINESS).await?;
                prepared.go(place).await
            }
        }
    }
}

impl fmt::Display for Doer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socle => f.write_str("Socle"),
            Self::Peer(it) => f.write_str(it.name()),
        }
    }
}

impl Beside {
    /// Begins it once the tables are as a server that has been up for a while has them.
    async fn begin(self, ground: &Ground) -> Result<PgConnection, Failed> {
        let mut session = ground.admin().await?;
        place::run(&mut session, "vacuum analyze").await?;
        if self == Self::Snapshot {
            let begin = "begin isolation level repeatable read; select from pg_class limit 1";
            place::run(&mut session, begin).await?;
        }
        Ok(session)
    }
}

impl Burnt {
    /// Jobs a second.
    pub(crate) fn rate(self) -> f64 {
        count(self.done) / self.seconds
    }
}

impl Waits {
    pub(crate) fn after_commit(&self) -> Tally {
        tally(&self.after_commit_us, f64::NAN)
    }

    pub(crate) fn after_due(&self) -> Tally {
        tally(&self.after_due_us, f64::NAN)
    }
}

impl Transactions {
    pub(crate) fn tally(&self) -> Tally {
        tally(&self.latencies_us, self.seconds)
    }
}

fn tally(latencies_us: &[u32], seconds: f64) -> Tally {
    let posted = latencies_us.len() as u64;
    Tally { posted, refused: 0, seconds, latencies_us: latencies_us.to_vec() }
}
