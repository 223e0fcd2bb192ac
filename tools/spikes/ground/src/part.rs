//! The part that a child process plays, handed over in its environment.

use std::{
    collections::HashMap,
    env,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use rustix::process::{Signal, getpid, kill_process};

/// Where a child stops itself, as a paused machine would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// A page was read, its transaction has not begun.
    BeforeBegin,
    /// Marks and effects are written, the transaction is open.
    BeforeCommit,
    /// The effects are committed, the broker has not been told.
    AfterCommit,
    /// The broker has confirmed a page, the relay's cursor has not moved.
    BeforeCursor,
}

/// Who a child is and what it works on.
#[derive(Debug, Clone, Default)]
pub struct Part {
    pub role: String,
    pub name: String,
    pub database: String,
    pub broker: String,
    pub topic: String,
    pub group: String,
    pub partitions: u16,
    pub batch: usize,
    /// Stop at this point of this page, counted from 1.
    pub stop: Option<(Point, u32)>,
    /// What one experiment needs of one broker.
    pub manner: String,
}

const FIELDS: [&str; 10] = [
    "role",
    "name",
    "database",
    "broker",
    "topic",
    "group",
    "partitions",
    "batch",
    "stop",
    "manner",
];

impl Part {
    /// The part of this process, or none when it is the one that directs.
    #[must_use]
    pub fn of_this_process() -> Option<Self> {
        let had: HashMap<_, _> =
            FIELDS.iter().filter_map(|it| Some((*it, env::var(variable(it)).ok()?))).collect();
        let text = |name: &str| had.get(name).cloned().unwrap_or_default();
        Some(Self {
            role: had.get("role")?.clone(),
            name: text("name"),
            database: text("database"),
            broker: text("broker"),
            topic: text("topic"),
            group: text("group"),
            partitions: text("partitions").parse().ok()?,
            batch: text("batch").parse().ok()?,
            stop: text("stop")
                .split_once(':')
                .and_then(|(point, page)| Some((Point::named(point)?, page.parse().ok()?))),
            manner: text("manner"),
        })
    }

    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let stop = self.stop.map(|(point, page)| format!("{point:?}:{page}")).unwrap_or_default();
        let values = [
            self.role.clone(),
            self.name.clone(),
            self.database.clone(),
            self.broker.clone(),
            self.topic.clone(),
            self.group.clone(),
            self.partitions.to_string(),
            self.batch.to_string(),
            stop,
            self.manner.clone(),
        ];
        FIELDS.iter().map(|it| variable(it)).zip(values).collect()
    }

    /// Stops this process, once, at the point where it is to stop; whoever directs it wakes or
    /// kills it.
    pub fn pass(&self, point: Point, page: u32) {
        static STOPPED: AtomicBool = AtomicBool::new(false);
        if self.stop == Some((point, page)) && !STOPPED.swap(true, Ordering::Relaxed) {
            let stopped = kill_process(getpid(), Signal::STOP);
            stopped.expect("a process may stop itself");
            // The signal may reach another thread first.
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Point {
    fn named(name: &str) -> Option<Self> {
        let all = [Self::BeforeBegin, Self::BeforeCommit, Self::AfterCommit, Self::BeforeCursor];
        all.into_iter().find(|it| format!("{it:?}") == name)
    }
}

fn variable(field: &str) -> String {
    format!("SPIKE_{}", field.to_uppercase())
}
