//! Any interleaving of writers and a reader, played step by step.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    env,
};

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use socle_events::{
    Start, Worker,
    tail::{Filter, Tail},
};
use sqlx::PgConnection;
use tokio::runtime::Runtime;

use super::{run, writes};
use crate::world::World;

const SESSIONS: usize = 4;
const KEYS: usize = 3;

/// How many interleavings are played; a long round plays more.
fn cases() -> u32 {
    if env::var_os("SOCLE_LONG").is_some() { 300 } else { 16 }
}

#[derive(Debug, Clone)]
enum Step {
    /// A transaction that has its number before it does anything.
    Begin(usize),
    /// Locks a key, unless another has it, and tells of it.
    Write(usize, usize),
    Commit(usize),
    Rollback(usize),
    Read,
    /// Somebody only looks at the log.
    Look,
    /// Another worker takes over where the last one wrote down how far it was.
    TakeOver,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..SESSIONS).prop_map(Step::Begin),
        6 => (0..SESSIONS, 0..KEYS).prop_map(|(session, key)| Step::Write(session, key)),
        3 => (0..SESSIONS).prop_map(Step::Commit),
        1 => (0..SESSIONS).prop_map(Step::Rollback),
        3 => Just(Step::Read),
        5 => Just(Step::Look),
        1 => Just(Step::TakeOver),
    ]
}

/// What is written, by whom, and what counts.
#[derive(Debug, Default)]
struct Paper {
    /// Of each session with a transaction, what it has written.
    open: BTreeMap<usize, Vec<usize>>,
    /// How many events of each key were committed.
    committed: [i64; KEYS],
}

impl Paper {
    fn count(&self, session: usize, key: usize) -> i64 {
        let own = self.open[&session].iter().filter(|it| **it == key).count();
        self.committed[key] + i64::try_from(own).expect("few")
    }

    fn is_locked(&self, session: usize, key: usize) -> bool {
        self.open.iter().any(|(other, keys)| *other != session && keys.contains(&key))
    }
}

async fn play(steps: &[Step]) -> Result<(), TestCaseError> {
    let world = World::new().await;
    let mut sessions = Vec::new();
    for _ in 0..SESSIONS {
        sessions.push(world.database.superuser().await);
    }
    let (mut paper, mut worker) = (Paper::default(), reader(&world));
    let mut tail = Seen::of(&world).await;
    for step in steps {
        take(step, &world, &mut (&mut sessions, &mut paper, &mut worker)).await;
        match step {
            Step::Read => is_heard(&world, &paper).await?,
            Step::Look => tail.is_all_of(&paper).await?,
            _ => {}
        }
    }
    for session in paper.open.keys().copied().collect::<Vec<_>>() {
        let step = Step::Commit(session);
        take(&step, &world, &mut (&mut sessions, &mut paper, &mut worker)).await;
    }
    world.pump(&mut worker).await;
    tail.is_all_of(&paper).await?;
    is_heard(&world, &paper).await
}

/// What a tail has seen, which never writes: its snapshots are not those of a worker.
struct Seen {
    tail: Tail,
    counts: [Vec<i64>; KEYS],
}

impl Seen {
    async fn of(world: &World) -> Self {
        let tail = Tail::open(world.kitchen.clone(), Filter::default(), Start::Now).await;
        Self { tail: tail.expect("opened"), counts: Default::default() }
    }

    async fn is_all_of(&mut self, paper: &Paper) -> Result<(), TestCaseError> {
        loop {
            let seen = self.tail.next().await.expect("read");
            if seen.is_empty() {
                break;
            }
            for it in seen {
                let key: usize = it.partitionkey[1..].parse().expect("k and a number");
                self.counts[key].push(it.sequence.to_string().parse().expect("a count"));
            }
        }
        for key in 0..KEYS {
            let expected: Vec<i64> = (1..=paper.committed[key]).collect();
            prop_assert_eq!(&self.counts[key], &expected, "key {} in the tail", key);
        }
        Ok(())
    }
}

fn reader(world: &World) -> Worker {
    world.worker_of(world.counting("count").batch(2))
}

async fn take(
    step: &Step,
    world: &World,
    (sessions, paper, worker): &mut (&mut Vec<PgConnection>, &mut Paper, &mut Worker),
) {
    match *step {
        Step::Begin(session) => {
            if let Entry::Vacant(it) = paper.open.entry(session) {
                it.insert(Vec::new());
                run(&mut sessions[session], "begin; select pg_current_xact_id()").await;
            }
        }
        Step::Write(session, key) => {
            if paper.open.contains_key(&session) && !paper.is_locked(session, key) {
                let count = paper.count(session, key) + 1;
                writes(&mut sessions[session], &format!("k{key}"), count).await;
                paper.open.get_mut(&session).expect("it is open").push(key);
            }
        }
        Step::Commit(session) => {
            if let Some(written) = paper.open.remove(&session) {
                run(&mut sessions[session], "commit").await;
                for key in written {
                    paper.committed[key] += 1;
                }
            }
        }
        Step::Rollback(session) => {
            if paper.open.remove(&session).is_some() {
                run(&mut sessions[session], "rollback").await;
            }
        }
        Step::Read => drop(world.pump(worker).await),
        Step::Look => {}
        Step::TakeOver => {
            worker.leave().await.expect("it leaves");
            **worker = reader(world);
        }
    }
}

/// Everything committed has been counted, once, each key in its order, whoever is still writing.
async fn is_heard(world: &World, paper: &Paper) -> Result<(), TestCaseError> {
    let counted = world.counted().await;
    for key in 0..KEYS {
        let of_key = counted.iter().filter(|it| it.0 == format!("k{key}")).map(|it| it.1);
        let expected: Vec<i64> = (1..=paper.committed[key]).collect();
        prop_assert_eq!(of_key.collect::<Vec<_>>(), expected, "key {}: {:?}", key, counted);
    }
    Ok(())
}

#[test]
fn whoever_writes_meanwhile_what_is_committed_is_heard_once_and_in_the_order_of_its_key() {
    let runtime = Runtime::new().expect("a runtime");
    let mut runner = TestRunner::new(Config { cases: cases(), ..Config::default() });

    let played =
        runner.run(&prop::collection::vec(step(), 1..60), |steps| runtime.block_on(play(&steps)));

    played.expect("every interleaving");
}
