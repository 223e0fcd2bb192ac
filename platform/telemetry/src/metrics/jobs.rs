//! What is measured of jobs: by module, queue and kind, all three of them declared in code.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use super::{Metrics, watched::Watched};

/// Seconds; 30, which the alert on slow jobs looks at, is among them.
const DURATIONS: [f64; 14] =
    [0.001, 0.005, 0.02, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0];

/// Seconds that an entry of the calendar was enqueued after its time.
const LATENESS: [f64; 8] = [0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 600.0, 3600.0];

/// A kind of job of a module, where it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct JobKind {
    pub module: &'static str,
    pub queue: &'static str,
    pub kind: &'static str,
}

/// How an attempt at a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobEnd {
    Done,
    Cancelled,
    /// It failed and is tried again.
    Retried,
    /// It failed for good.
    Dead,
    /// The process stopped before it was done.
    HandedBack,
    /// Another worker has it.
    Lost,
}

/// How many jobs of a kind there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobDepth {
    pub of: JobKind,
    /// Due, and not begun.
    pub waiting: i64,
    pub dead: i64,
    /// For how long the oldest of those that wait has been due.
    pub age: Duration,
}

/// How many jobs of a queue run, and how many more may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobHands {
    /// Of the worker that tells it; workers of one process share their hands.
    pub module: &'static str,
    pub queue: &'static str,
    pub busy: usize,
    pub idle: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EndLabels {
    module: &'static str,
    queue: &'static str,
    kind: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Hands {
    module: &'static str,
    queue: &'static str,
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Entry {
    module: &'static str,
    entry: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfModule {
    module: &'static str,
}

/// What [`Metrics`] keeps of jobs.
#[derive(Debug)]
pub(super) struct Jobs {
    durations: Family<JobKind, Histogram, fn() -> Histogram>,
    ended: Family<EndLabels, Counter>,
    waiting: Family<JobKind, Gauge>,
    ages: Family<JobKind, Gauge>,
    dead: Family<JobKind, Gauge>,
    late: Family<Entry, Histogram, fn() -> Histogram>,
    overdue: Family<OfModule, Gauge>,
    hands: Arc<Watched<Hands>>,
    /// What was measured before, so that what is gone is told as none.
    seen: Mutex<HashSet<JobKind>>,
}

impl Default for Jobs {
    fn default() -> Self {
        let durations: fn() -> Histogram = || Histogram::new(DURATIONS);
        let lateness: fn() -> Histogram = || Histogram::new(LATENESS);
        let help = "Places for jobs that run at once in this process";
        Self {
            durations: Family::new_with_constructor(durations),
            ended: Family::default(),
            waiting: Family::default(),
            ages: Family::default(),
            dead: Family::default(),
            late: Family::new_with_constructor(lateness),
            overdue: Family::default(),
            hands: Arc::new(Watched::new("socle_jobs_hands", help)),
            seen: Mutex::default(),
        }
    }
}

impl Jobs {
    pub(super) fn register(&self, all: &mut Registry) {
        let help = "Time that attempts at jobs took";
        all.register_with_unit("socle_jobs_duration", help, Unit::Seconds, self.durations.clone());
        all.register("socle_jobs_ended", "Attempts at jobs, by outcome", self.ended.clone());
        let help = "Jobs that are due and wait, up to 10000 of a queue";
        all.register("socle_jobs_waiting", help, self.waiting.clone());
        let help = "For how long the oldest job that waits has been due";
        all.register_with_unit("socle_jobs_oldest_age", help, Unit::Seconds, self.ages.clone());
        let help = "Jobs that failed for good and were neither replayed nor discarded";
        all.register("socle_jobs_dead", help, self.dead.clone());
        let help = "Time from when the calendar asked for a job to when it was enqueued";
        all.register_with_unit("socle_jobs_late", help, Unit::Seconds, self.late.clone());
        let help = "For how long the calendar's latest entry has been due";
        all.register_with_unit("socle_jobs_overdue", help, Unit::Seconds, self.overdue.clone());
        all.register_collector(Box::new(self.hands.clone()));
    }
}

impl JobEnd {
    const ALL: [Self; 6] =
        [Self::Done, Self::Cancelled, Self::Retried, Self::Dead, Self::HandedBack, Self::Lost];

    const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Retried => "retried",
            Self::Dead => "dead",
            Self::HandedBack => "handed_back",
            Self::Lost => "lost",
        }
    }
}

impl Metrics {
    /// A kind of job can be done here: its counters begin.
    pub fn job_known(&self, of: JobKind) {
        for end in JobEnd::ALL {
            self.0.jobs.ended.get_or_create_owned(&outcome(of, end));
        }
    }

    /// An attempt at a job.
    pub fn job_ended(&self, of: JobKind, end: JobEnd, took: Duration) {
        self.0.jobs.ended.get_or_create(&outcome(of, end)).inc();
        self.0.jobs.durations.get_or_create(&of).observe(took.as_secs_f64());
    }

    /// How many jobs a module has, of all kinds that there are now.
    pub fn jobs_measured(&self, module: &'static str, depths: Vec<JobDepth>) {
        let jobs = &self.0.jobs;
        let mut seen = jobs.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let none = |of: &JobKind| JobDepth { of: *of, waiting: 0, dead: 0, age: Duration::ZERO };
        let known = seen.iter().filter(|it| it.module == module);
        let mut all: HashMap<JobKind, JobDepth> = known.map(|it| (*it, none(it))).collect();
        for it in depths {
            let sum = all.entry(it.of).or_insert_with(|| none(&it.of));
            sum.waiting += it.waiting;
            sum.dead += it.dead;
            sum.age = sum.age.max(it.age);
        }
        for (of, it) in all {
            jobs.waiting.get_or_create(&of).set(it.waiting);
            jobs.dead.get_or_create(&of).set(it.dead);
            let age_s = i64::try_from(it.age.as_secs()).unwrap_or(i64::MAX);
            jobs.ages.get_or_create(&of).set(age_s);
            seen.insert(of);
        }
    }

    /// An entry of the calendar was enqueued so long after its time.
    pub fn cron_fired(&self, module: &'static str, entry: &'static str, late: Duration) {
        self.0.jobs.late.get_or_create(&Entry { module, entry }).observe(late.as_secs_f64());
    }

    /// For how long the entry of a module's calendar that is latest has been due.
    pub fn cron_measured(&self, module: &'static str, overdue: Duration) {
        let overdue_s = i64::try_from(overdue.as_secs()).unwrap_or(i64::MAX);
        self.0.jobs.overdue.get_or_create(&OfModule { module }).set(overdue_s);
    }

    /// Shows how busy the hands of this process are, asked whenever somebody looks.
    pub fn watch_job_hands(&self, read: impl Fn() -> Vec<JobHands> + Send + Sync + 'static) {
        self.0.jobs.hands.hands(read);
    }
}

fn outcome(of: JobKind, end: JobEnd) -> EndLabels {
    EndLabels { module: of.module, queue: of.queue, kind: of.kind, outcome: end.name() }
}

impl Watched<Hands> {
    fn hands(&self, read: impl Fn() -> Vec<JobHands> + Send + Sync + 'static) {
        let count = |of: usize| i64::try_from(of).unwrap_or(i64::MAX);
        self.add(Box::new(move || {
            let each = read().into_iter().flat_map(|it| {
                let of = |state| Hands { module: it.module, queue: it.queue, state };
                [(of("busy"), count(it.busy)), (of("idle"), count(it.idle))]
            });
            each.collect()
        }));
    }
}
