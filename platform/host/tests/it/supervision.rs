//! Work in the background that fails, panics, and is done again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use futures_util::FutureExt;
use socle_host::Module;
use socle_kernel::Fault;
use socle_testkit::Believing;
use tokio::sync::Semaphore;

use crate::{
    probe::TABLES,
    site::{Site, settings},
};

const OFTEN: Duration = Duration::from_millis(1);

#[tokio::test]
async fn work_that_fails_or_panics_is_done_again_and_counted() {
    let (rounds, done) = (Arc::new(AtomicU32::new(0)), Arc::new(Semaphore::new(0)));
    let (counting, telling) = (rounds.clone(), done.clone());
    let mut site = Site::of(settings(), Arc::new(Believing), |probe| {
        let module = probe.module().background("faulty", OFTEN, move |_| {
            let (round, telling) = (counting.fetch_add(1, Ordering::SeqCst), telling.clone());
            // Not even what makes the round may end the process.
            assert_ne!(round, 0, "before the round");
            async move {
                assert_ne!(round, 1, "in the round");
                if round == 2 {
                    return Err(Fault::internal("do it", "a reason"));
                }
                telling.add_permits(1);
                Ok(())
            }
            .boxed()
        });
        let other = Module::new(socle_db::Module { name: "other", ..TABLES });
        vec![module, other.background("stuck", OFTEN, |_| std::future::pending().boxed())]
    })
    .await;

    done.acquire_many(3).await.expect("it goes on").forget();

    assert_eq!(site.counted("socle_background_restarts_total{task=\"faulty\"} ").await, 3);
    assert_eq!(site.counted("socle_panics_total{where=\"background\"} ").await, 2);
    site.stop();
    site.ended().await;
    let after = rounds.load(Ordering::SeqCst);
    tokio::task::yield_now().await;
    assert_eq!(rounds.load(Ordering::SeqCst), after, "nothing works after the end");
}
