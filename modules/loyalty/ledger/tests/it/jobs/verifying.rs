//! All books are verified each night; a verification that fails is given up.

use socle_jobs::State;
use socle_ledger::VerificationState;

use super::{at, jobs, living_in};
use crate::world::{ALICE, World};

#[tokio::test]
async fn all_books_are_verified_at_three_and_what_was_found_is_kept() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "29.33").await;
    let worker = world.worker(living_in(&world, "Europe/Paris"));
    let last = async |text| {
        worker.pump(at(text)).await.expect("the jobs are done");
        let last = world.ledger.last_inspection().await.expect("asked");
        last.map(|it| (it.began_at, it.is_in_order()))
    };

    let none = last("2030-01-01T12:00:00Z").await;
    let first = last("2030-01-02T03:00:00Z").await;
    world.database.execute("update socle_ledger.purchase set points = 28").await;
    let second = last("2030-01-03T03:00:00Z").await;
    world.database.execute("update socle_ledger.purchase set points = 29").await;
    let third = last("2030-01-04T03:00:00Z").await;

    assert_eq!(none, None);
    assert_eq!(first, Some((at("2030-01-02T03:00:00Z"), true)));
    assert_eq!(second, Some((at("2030-01-03T03:00:00Z"), false)));
    assert_eq!(third, Some((at("2030-01-04T03:00:00Z"), true)));
    let jobs = jobs(&world, "ledger.verify-books").await;
    assert!(!jobs.is_empty());
    assert!(jobs.iter().all(|it| it.state == State::Done.name()), "what was found is no failure");
}

#[tokio::test]
async fn a_verification_that_fails_again_and_again_has_failed() {
    let world = World::new().await;
    let asked = world.ledger.ask_verification(&world.cx).await.expect("asked");
    world.database.execute("alter table socle_ledger.refund rename to gone").await;
    let state = async || {
        let found = world.ledger.verification(&world.cx, asked.id).await;
        found.expect("it is there").state
    };

    let mut states = Vec::new();
    for seconds in [0, 60, 120, 180] {
        world.pump(world.cx.now.after(std::time::Duration::from_secs(seconds))).await;
        states.push(state().await);
    }

    let (running, failed) = (VerificationState::Running, VerificationState::Failed);
    assert_eq!(states, [running, running, failed, failed]);
    let jobs = jobs(&world, "ledger.verify-tenant").await;
    assert_eq!((&*jobs[0].state, jobs[0].attempt), (State::Dead.name(), 3), "{jobs:?}");
}
