//! A worker at work: takes what is due, keeps its hands full, and tells of what has ended.

use std::{error::Error, future::Future, pin::pin, sync::Arc, time::Duration};

use futures_util::future::{BoxFuture, FutureExt};
use socle_kernel::{Fault, Timestamp};
use tokio::{
    sync::mpsc,
    task::{JoinHandle, JoinSet},
    time::{self, Instant, MissedTickBehavior},
};

use super::{
    attempt::{self, Ended, Outcome},
    finish,
    lane::Lane,
    plant::{self, Plant},
    round::{self, Asked, Come},
};
use crate::{
    BELL, Queue,
    run::{Ending, Order},
    sql::fetch::Taken,
};

/// What a worker does in time, it does at beats.
const BEAT: Duration = Duration::from_millis(100);

/// How many beats there are between two looks at everything that waits.
const BEATS_OF_SWEEP: u64 = 50;

/// How long tenants that are new are not looked for again, whoever rings.
const DISCOVERY_PAUSE: Duration = Duration::from_millis(20);

/// Ends that wait to be written down.
const TOLD_MAX: usize = 8_192;

/// How long what was ended from outside may take to notice.
const LAST_WAIT: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(crate) struct Shift {
    plant: Arc<Plant>,
    lanes: Vec<Lane>,
    running: JoinSet<(Queue, Ended)>,
    tell: mpsc::Sender<Ended>,
    beats: u64,
    due: Due,
    discovered_at: Instant,
    has_failed: bool,
}

/// What is to be looked for, and has not been.
#[derive(Debug)]
struct Due {
    jobs: bool,
    /// Everything that waits, from its beginning on.
    all: bool,
    /// Tenants that are new; and they may be, because somebody has rung.
    tenants: Tenants,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tenants {
    Known,
    Rung,
    New,
}

type Looking = BoxFuture<'static, Result<Come, Fault>>;

impl Shift {
    /// A shift, and what writes down what it tells of.
    #[expect(clippy::disallowed_methods, reason = "ends with the shift, which it is waited for by")]
    pub(crate) fn begin(plant: &Arc<Plant>) -> (Self, JoinHandle<()>) {
        let (tell, told) = mpsc::channel(TOLD_MAX);
        let finishing = tokio::spawn(finish::finish(Arc::clone(plant), told));
        let shift = Self {
            plant: Arc::clone(plant),
            lanes: Queue::ALL.map(Lane::of).into(),
            running: JoinSet::new(),
            tell,
            beats: 0,
            due: Due { jobs: true, all: true, tenants: Tenants::New },
            discovered_at: Instant::now(),
            has_failed: false,
        };
        (shift, finishing)
    }

    pub(crate) async fn serve(mut self, stop: impl Future<Output = ()> + Send) {
        let mut stop = pin!(stop);
        let mut bell = self.plant.db.bell(BELL);
        let mut beat = time::interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut looking: Option<Looking> = None;
        loop {
            self.fill_hands();
            if looking.is_none() {
                looking = self.look();
            }
            let come = async {
                match &mut looking {
                    Some(it) => it.await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = &mut stop => break,
                Some(ended) = self.running.join_next() => {
                    self.hear(ended.ok()).await;
                    while let Some(ended) = self.running.try_join_next() {
                        self.hear(ended.ok()).await;
                    }
                }
                come = come => {
                    looking = None;
                    self.receive(come);
                }
                () = bell.rung() => self.ring(),
                _ = beat.tick() => self.beat(),
            }
        }
        if let Some(looking) = looking {
            self.receive(looking.await);
        }
        self.end().await;
    }

    fn ring(&mut self) {
        self.due.jobs = true;
        if self.due.tenants == Tenants::Known {
            self.due.tenants = Tenants::Rung;
        }
    }

    fn beat(&mut self) {
        self.beats += 1;
        self.lanes.iter_mut().for_each(|it| it.shares.beat());
        self.due.all |= self.beats.is_multiple_of(BEATS_OF_SWEEP);
        let beats_of_look = self.plant.settings.look.as_millis() / BEAT.as_millis();
        let is_time = u128::from(self.beats).is_multiple_of(beats_of_look.max(1));
        if is_time || self.due.tenants != Tenants::Known {
            (self.due.jobs, self.due.tenants) = (true, Tenants::New);
        }
    }

    /// Begins what has been taken, as far as there are hands.
    fn fill_hands(&mut self) {
        for lane in &mut self.lanes {
            while 0 < lane.taken.len() {
                let Some(hand) = self.plant.settings.slots.take(lane.queue) else { break };
                let Some(taken) = lane.taken.pop() else { break };
                let (plant, queue) = (Arc::clone(&self.plant), lane.queue);
                self.running.spawn(async move {
                    let now = plant::now();
                    let ended = attempt::attempt(plant, taken, now, |_| plant::now()).await;
                    drop(hand);
                    (queue, ended)
                });
            }
        }
    }

    /// Looks for more, where there are hands for it and something may be there.
    fn look(&mut self) -> Option<Looking> {
        if !self.due.jobs {
            return None;
        }
        let mut asked = Asked::default();
        let is_discovery = match self.due.tenants {
            Tenants::Known => false,
            Tenants::Rung => DISCOVERY_PAUSE < self.discovered_at.elapsed(),
            Tenants::New => true,
        };
        for lane in &mut self.lanes {
            let wanted = lane.wanted(&self.plant.settings.slots);
            if 0 < wanted {
                lane.has_looked();
                asked.wanted.push((lane.queue, wanted));
                asked.parts.extend(lane.shares.parts(2 * wanted, self.due.all));
                if is_discovery {
                    asked.gaps.extend(lane.shares.gaps());
                }
            }
        }
        if asked.wanted.is_empty() {
            return None;
        }
        if is_discovery {
            self.due.tenants = Tenants::Known;
            self.discovered_at = Instant::now();
        }
        (self.due.jobs, self.due.all) = (false, false);
        let plant = Arc::clone(&self.plant);
        Some(round::look(plant, asked, plant::now()).boxed())
    }

    fn receive(&mut self, come: Result<Come, Fault>) {
        match come {
            Ok(come) => {
                self.has_failed = false;
                // What was taken may not be all that there is.
                self.due.jobs |= !come.taken.is_empty();
                sort_in(&mut self.lanes, come);
            }
            Err(fault) if self.has_failed => drop(fault),
            Err(fault) => {
                self.has_failed = true;
                tracing::warn!(error = &fault as &dyn Error, "no jobs can be taken");
            }
        }
    }

    async fn hear(&mut self, ended: Option<(Queue, Ended)>) {
        // A task that did not end by itself was told to; there is nothing to write down.
        let Some((queue, ended)) = ended else { return };
        self.lanes[queue as usize].has_ended_one();
        self.tell(ended).await;
    }

    async fn tell(&self, ended: Ended) {
        // The receiver goes on until this sender is gone.
        let _ = self.tell.send(ended).await;
    }

    /// Hands back what has not begun, waits for what has, and in the end takes that back, too.
    async fn end(mut self) {
        let waiting = self.lanes.iter_mut().flat_map(|it| std::iter::from_fn(|| it.taken.pop()));
        for it in waiting.collect::<Vec<Taken>>() {
            self.tell(handed_back(&it)).await;
        }
        self.wait(self.plant.settings.stop_grace).await;
        for claim in self.plant.claims().values() {
            claim.order(Order::End(Ending::HandedBack));
        }
        self.wait(LAST_WAIT).await;
        let left: Vec<_> = self.plant.claims().values().map(|it| (it.id, it.fence)).collect();
        for (id, fence) in left {
            tracing::warn!(job = %id, "a job that does not end was handed back");
            let (at, outcome) = (plant::now(), Outcome::HandedBack);
            self.tell(Ended { id, fence, at, outcome }).await;
        }
    }

    async fn wait(&mut self, at_most: Duration) {
        let until = Instant::now() + at_most;
        while let Ok(Some(ended)) = time::timeout_at(until, self.running.join_next()).await {
            self.hear(ended.ok()).await;
        }
    }
}

fn sort_in(lanes: &mut [Lane], come: Come) {
    for (queue, tenant) in come.found {
        lanes[queue as usize].shares.found(tenant);
    }
    let mut taken = come.taken;
    for lane in lanes {
        let name = lane.queue.name();
        let (own, others) = taken.into_iter().partition(|it: &Taken| it.queue == name);
        taken = others;
        let parts: Vec<_> = come.parts.iter().filter(|it| it.queue == name).copied().collect();
        if !parts.is_empty() {
            lane.receive(&parts, own, come.is_cut);
        }
    }
}

fn handed_back(it: &Taken) -> Ended {
    Ended { id: it.id, fence: it.fence, at: plant::now(), outcome: Outcome::HandedBack }
}

/// Does all that is due at `now`, and all that becomes due meanwhile; returns how many attempts.
pub(crate) async fn pump(plant: &Arc<Plant>, now: Timestamp) -> Result<u64, Fault> {
    plant.beat(now).await?;
    let mut lanes: Vec<Lane> = Queue::ALL.map(Lane::of).into();
    let mut attempts = 0;
    loop {
        let mut asked = Asked::default();
        for lane in &lanes {
            asked.wanted.push((lane.queue, plant.settings.slots.all(lane.queue)));
            asked.parts.extend(lane.shares.parts(plant.settings.slots.all(lane.queue), true));
            asked.gaps.extend(lane.shares.gaps());
        }
        let come = round::look(Arc::clone(plant), asked, now).await?;
        if come.taken.is_empty() {
            return Ok(attempts);
        }
        sort_in(&mut lanes, come);
        let ended = do_all(plant, &mut lanes, now).await;
        attempts += ended.len() as u64;
        finish::commit(plant, &ended).await?;
    }
}

/// Attempts everything that was taken, queue by queue as many at once as there are hands.
async fn do_all(plant: &Arc<Plant>, lanes: &mut [Lane], now: Timestamp) -> Vec<Ended> {
    let mut ended = Vec::new();
    for lane in lanes {
        let mut running = JoinSet::new();
        while let Some(taken) = lane.taken.pop() {
            if plant.settings.slots.all(lane.queue) <= running.len() {
                ended.extend(running.join_next().await.and_then(Result::ok));
            }
            running.spawn(attempt::attempt(Arc::clone(plant), taken, now, |now| now));
        }
        ended.extend(running.join_all().await);
    }
    // What handlers have said of their progress is told, although nobody waited.
    if let Err(fault) = plant.watch().await {
        tracing::warn!(error = &fault as &dyn Error, "progress was not written down");
    }
    ended
}
