//! Crashes: a process dies at every step, and nothing is lost, half done or done for two times.

use std::{os::unix::process::ExitStatusExt, sync::Arc};

use futures_util::future::{self, BoxFuture, FutureExt};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use socle_db::Tx;
use socle_jobs::{Cron, FAILPOINTS, Job, Run, TenantDirectory, Work, Worker, Zone};
use socle_kernel::{Fault, TenantId, Timestamp};
use socle_testkit::{Child, TestDatabase, child_scenario};

use crate::{
    kinds::{letter, sending},
    world::World,
};

/// Copies a page: its effect is a letter, and comes with its end.
#[derive(Debug, Serialize, Deserialize)]
struct CopyPage {
    page: u32,
}

impl Job for CopyPage {
    const KIND: &'static str = "post.copy-page";
}

const PAGES: u32 = 30;

fn copying(world: &World) -> Work {
    let db = world.db.clone();
    Work::new(move |run: Run, job: CopyPage| {
        let db = db.clone();
        async move {
            db.run(&run.cx, async |tx: &mut Tx| -> Result<(), Fault> {
                socle_jobs::enqueue(&run.cx, tx, &letter(&job.page.to_string())).await?;
                run.finish_in(tx).await
            })
            .await
        }
    })
}

#[derive(Debug)]
struct Nobody;

impl TenantDirectory for Nobody {
    fn tenants(&self) -> BoxFuture<'_, Result<Vec<(TenantId, TimeZone)>, Fault>> {
        future::ready(Ok(Vec::new())).boxed()
    }
}

fn worker(world: &World) -> Worker {
    let minutely = Cron::new("post.page", "* * * * *", Zone::System, || CopyPage { page: PAGES });
    world.worker(vec![copying(world)]).with_calendar(vec![minutely], Arc::new(Nobody))
}

/// Between two minutes, and at the next.
fn times(world: &World) -> [Timestamp; 2] {
    [30, 60].map(|s| world.now().after(std::time::Duration::from_secs(s)))
}

/// Plays the scenario that this process was started for; in the parent there is none.
#[tokio::test]
async fn player() {
    let Some(database) = child_scenario() else { return };
    let world = World::on(TestDatabase::named(database).await);
    let worker = worker(&world);
    for now in times(&world) {
        worker.pump(now).await.expect("a child's pump succeeds");
    }
}

#[tokio::test]
async fn a_worker_recovers_from_death_at_every_failpoint() {
    for failpoint in FAILPOINTS {
        let world = World::new().await;
        let pages: Vec<_> = (0..PAGES).map(|page| CopyPage { page }).collect();
        world.enqueue_all(&world.cx(), &pages).await;

        let child = Child::playing("crash::player", &world.database.name);
        let ended = child.dying_at(failpoint).run();
        let over = "update socle_post.job_worker set leased_until = now() - interval '1 second'";
        world.database.execute(over).await;
        let worker = worker(&world);
        for now in times(&world) {
            worker.pump(now).await.expect("it goes on");
        }
        let [_, now] = times(&world);
        let letters = world.worker(vec![sending(&world.log)]).pump(now).await.expect("sent");

        assert_eq!(ended.signal(), Some(9), "{failpoint} was never hit");
        let mut lines = world.log.lines();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!(lines.len(), PAGES as usize + 1, "{failpoint}: each page, and the minute's");
        assert_eq!(letters, u64::from(PAGES) + 1, "{failpoint}: none twice");
        assert_eq!(world.count("job_run").await, 0, "{failpoint}");
        assert_eq!(world.count("job_fire").await, 1, "{failpoint}");
    }
}
