//! What breaks when, decided by seed and round alone; touches nothing.

use std::fmt;

use crate::dice::Dice;

/// How long the clients ask for things.
const LOAD_MS: u64 = 4_000;

/// Longer than the database lets a transaction idle (5 s), and than a client waits for an answer.
const PAUSE_MS: u64 = 6_500;

/// The most faults of a round.
const FAULTS_MAX: u64 = 3;

/// One of the two programs, and the worker and the wire beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    A,
    B,
}

/// What breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// `kill -9` of a program, which is started again.
    KillProgram(Which),
    /// A program stands still for longer than everything that waits for it, and is woken.
    PauseProgram(Which),
    /// `kill -9` of a worker, which is started again.
    KillWorker(Which),
    /// A worker stands still until its leases are over and the other has its work, and is woken.
    PauseWorker(Which),
    /// `kill -9` of one session's process: PostgreSQL ends all of them and recovers.
    KillSession,
    /// `kill -9` of PostgreSQL, which is started again.
    KillPostgres,
    /// Every session is ended, several times.
    EndSessions,
    /// Every connection of a program is cut, and none is let through.
    CutWire(Which),
    /// Nothing comes through, and then what was on its way is lost.
    SilenceWire(Which),
    /// Everything takes its time.
    SlowWire(Which),
    /// Somebody else has every connection that there is.
    TakeConnections,
    /// The disk runs full.
    FillDisk,
    /// Everything is killed at once, and started again.
    KillAll,
}

/// A fault and its time, counted from the start of the load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Planned {
    pub(crate) fault: Fault,
    pub(crate) at_ms: u64,
    pub(crate) lasts_ms: u64,
}

/// The faults of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Schedule {
    pub(crate) faults: Vec<Planned>,
    pub(crate) load_ms: u64,
}

impl Schedule {
    /// The schedule of a round. In as many rounds as there are kinds of faults each kind comes at
    /// least once.
    pub(crate) fn of(seed: u64, round: u64) -> Self {
        let kinds = KINDS.len() as u64;
        let mut order = KINDS;
        Dice::of(seed, round / kinds, 0).shuffle(&mut order);
        let first = usize::try_from(round % kinds).expect("a remainder is a place");
        let dice = &mut Dice::of(seed, round, 1);
        let more = dice.between(0, FAULTS_MAX);
        let mut kinds = vec![order[first]];
        for _ in 0..more {
            kinds.push(KINDS[dice.place(KINDS.len())]);
        }
        let faults = kinds.into_iter().map(|kind| Planned::of(kind, dice)).collect();
        Self { faults, load_ms: LOAD_MS }
    }

    /// A round in which nothing breaks.
    pub(crate) fn calm() -> Self {
        Self { faults: Vec::new(), load_ms: LOAD_MS }
    }

    pub(crate) fn fills_disk(&self) -> bool {
        self.faults.iter().any(|it| it.fault == Fault::FillDisk)
    }
}

type Kind = fn(Which) -> Fault;

const KINDS: [Kind; 13] = [
    Fault::KillProgram,
    Fault::PauseProgram,
    Fault::KillWorker,
    Fault::PauseWorker,
    |_| Fault::KillSession,
    |_| Fault::KillPostgres,
    |_| Fault::EndSessions,
    Fault::CutWire,
    Fault::SilenceWire,
    Fault::SlowWire,
    |_| Fault::TakeConnections,
    |_| Fault::FillDisk,
    |_| Fault::KillAll,
];

impl Planned {
    fn of(kind: Kind, dice: &mut Dice) -> Self {
        let fault = kind(if dice.is(50) { Which::A } else { Which::B });
        let lasts_ms = match fault {
            Fault::PauseProgram(_) => PAUSE_MS,
            Fault::KillSession | Fault::KillAll => 0,
            _ => dice.between(200, 2_500),
        };
        Self { fault, at_ms: dice.between(100, LOAD_MS * 3 / 4), lasts_ms }
    }
}

impl Which {
    pub(crate) const ALL: [Self; 2] = [Self::A, Self::B];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, which) = match *self {
            Self::KillProgram(which) => ("kill", Some(which)),
            Self::PauseProgram(which) => ("pause", Some(which)),
            Self::KillWorker(which) => ("kill-worker", Some(which)),
            Self::PauseWorker(which) => ("pause-worker", Some(which)),
            Self::KillSession => ("kill-session", None),
            Self::KillPostgres => ("kill-postgres", None),
            Self::EndSessions => ("end-sessions", None),
            Self::CutWire(which) => ("cut", Some(which)),
            Self::SilenceWire(which) => ("silence", Some(which)),
            Self::SlowWire(which) => ("slow", Some(which)),
            Self::TakeConnections => ("take-connections", None),
            Self::FillDisk => ("fill-disk", None),
            Self::KillAll => ("kill-all", None),
        };
        f.write_str(what)?;
        which.map_or(Ok(()), |it| write!(f, "-{}", it.name()))
    }
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fault, at_ms, lasts_ms } = self;
        write!(f, "{fault}@{at_ms}")?;
        if *lasts_ms == 0 { Ok(()) } else { write!(f, "+{lasts_ms}") }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, mem::discriminant};

    use super::*;

    #[test]
    fn a_round_is_decided_by_its_seed_and_its_number() {
        assert_eq!(Schedule::of(42, 7), Schedule::of(42, 7));
        let many: HashSet<_> = (0..50).map(|it| format!("{:?}", Schedule::of(42, it))).collect();
        assert_eq!(many.len(), 50);
        assert_ne!(Schedule::of(42, 7), Schedule::of(43, 7));
    }

    #[test]
    fn every_kind_of_fault_comes_in_as_many_rounds_as_there_are_kinds() {
        for seed in 0..20 {
            let rounds = (0..KINDS.len() as u64).flat_map(|it| Schedule::of(seed, it).faults);

            let kinds: HashSet<_> = rounds.map(|it| discriminant(&it.fault)).collect();

            assert_eq!(kinds.len(), KINDS.len());
        }
    }

    #[test]
    fn what_breaks_breaks_while_there_is_load() {
        for it in (0..200).flat_map(|it| Schedule::of(1, it).faults) {
            assert!(it.at_ms < LOAD_MS, "{it}");
        }
    }
}
