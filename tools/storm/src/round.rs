//! One round: a world, a load, what breaks meanwhile; then everything is mended, and looked at.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use tokio::select;

use crate::{
    Failed,
    checks::{self, Finding},
    faults,
    load::{Book, Load},
    schedule::Schedule,
    world::{Template, World},
};

/// What a round came to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) asked: usize,
    /// Known to the clients when the storm was over.
    pub(crate) acknowledged: usize,
    /// Asked again until somebody knew.
    pub(crate) retried: usize,
    /// Heard by the witness, and done for it.
    pub(crate) events: i64,
    pub(crate) jobs: i64,
    pub(crate) took: Duration,
    pub(crate) findings: Vec<Finding>,
    /// Whether the disk could not run full, although it had to.
    pub(crate) has_no_disk: bool,
}

/// Which folders are left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    WhereFound,
    Always,
}

/// A round by its name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Round {
    pub(crate) seed: u64,
    pub(crate) number: u64,
}

impl Round {
    /// Plays it in `folder`; what is kept of it lies in `kept`.
    pub(crate) async fn play(
        self,
        template: &Template,
        (folder, kept): (PathBuf, PathBuf),
        keep: Keep,
    ) -> Result<Outcome, Failed> {
        let start = Instant::now();
        let schedule = Schedule::of(self.seed, self.number);
        let world = World::open(template, folder).await?;
        let played = self.storm(&world, &schedule).await;
        let is_whole = played.as_ref().is_ok_and(|it| it.findings.is_empty());
        let is_kept = keep == Keep::Always || !is_whole;
        let closed = world.close(is_kept.then_some(kept.as_path())).await;
        let mut outcome = played?;
        closed?;
        outcome.took = start.elapsed();
        Ok(outcome)
    }

    async fn storm(self, world: &World, schedule: &Schedule) -> Result<Outcome, Failed> {
        let (mut books, ended) = self.load(world, schedule).await?;
        let asked = books.iter().map(|it| it.asked.len()).sum();
        let known = books.iter().flat_map(|it| &it.asked).filter(|it| it.answer.is_some());
        let acknowledged = known.count();
        checks::settle(world, &mut books).await?;
        let mut findings = checks::run(world, &books).await?;
        findings.extend(ended.into_iter().map(|it| Finding::new("programs", it)));
        let has_no_disk = world.disk.is_none() && schedule.fills_disk();
        let retried = asked - acknowledged;
        let (events, jobs) = checks::witnessed(world).await?;
        let took = Duration::ZERO;
        Ok(Outcome { asked, acknowledged, retried, events, jobs, took, findings, has_no_disk })
    }

    /// Everything is whole when it ends; says which program ended by itself.
    pub(crate) async fn load(
        self,
        world: &World,
        schedule: &Schedule,
    ) -> Result<(Vec<Book>, Vec<String>), Failed> {
        let load = Load::open(world, (self.seed, self.number)).await?;
        let time = Duration::from_millis(schedule.load_ms);
        let run = load.run(time, &world.tenants);
        let storm = async { tokio::try_join!(run, faults::run(world, &schedule.faults)) };
        let (books, ()) = select! {
            done = storm => done?,
            () = faults::put_back(world) => unreachable!("it goes on for ever"),
        };
        Ok((books, world.heal().await?))
    }
}
