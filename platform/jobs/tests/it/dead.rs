//! Dead letters: looked at, done again, given up.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use socle_jobs::{Filter, JobId, State, Work};

use crate::{
    kinds::{WalkStreet, broken, letter, sending, street},
    world::{World, tenant},
};

/// Walks no street until it is mended.
fn limping(is_mended: &Arc<AtomicBool>) -> Work {
    let is_mended = Arc::clone(is_mended);
    Work::new(move |_, _: WalkStreet| {
        let is_mended = is_mended.load(Ordering::SeqCst);
        async move { if is_mended { Ok(()) } else { Err(broken()) } }
    })
}

/// As many as are named, dead after all their attempts.
async fn dead_streets(world: &World, work: &Work, names: &[&str]) -> Vec<JobId> {
    let mut ids = Vec::new();
    for name in names {
        ids.push(world.enqueue(&street(name)).await.id);
    }
    for _ in 0..6 {
        world.pump(vec![work.clone()]).await;
        world.clock.move_by(30);
    }
    ids
}

#[tokio::test]
async fn dead_letters_say_whose_they_are_and_what_was_wrong() {
    let world = World::new().await;
    let work = limping(&Arc::default());
    let ids = dead_streets(&world, &work, &["high street", "mill lane"]).await;
    let desk = world.desk();

    let all = desk.dead(&Filter::default(), None).await.expect("listed");
    let rest = desk.dead(&Filter::default(), Some(&all[0])).await.expect("listed");
    let theirs = Filter { tenant: Some(tenant(9)), ..Filter::default() };
    let theirs = desk.dead(&theirs, None).await.expect("listed");

    let mut listed: Vec<_> = all.iter().map(|it| it.id).collect();
    listed.sort_unstable();
    assert_eq!(listed, ids);
    let first = &all[0];
    assert_eq!((first.kind.as_str(), first.queue.as_str()), ("post.walk-street", "low"));
    assert_eq!((first.reason.as_str(), first.attempts, first.causes.len()), ("internal", 6, 3));
    assert_eq!(first.tenant, world.cx().tenant);
    assert_eq!((rest.len(), theirs.len()), (1, 0));
}

#[tokio::test]
async fn a_dead_letter_that_is_replayed_has_all_its_attempts_again() {
    let world = World::new().await;
    let is_mended = Arc::<AtomicBool>::default();
    let work = limping(&is_mended);
    let ids = dead_streets(&world, &work, &["high street"]).await;

    let replayed = world.desk().replay(&ids, "ana", world.now()).await.expect("replayed");
    let waiting = world.seen(ids[0]).await;
    is_mended.store(true, Ordering::SeqCst);
    let again = world.desk().replay(&ids, "ana", world.now()).await.expect("nothing");
    let done = world.pump(vec![work]).await;

    assert_eq!((replayed, again, done), (ids.clone(), vec![], 1));
    assert_eq!((waiting.state.as_str(), waiting.attempt), ("waiting", 0));
    assert_eq!(waiting.causes.len(), 3, "what was wrong is not forgotten");
    assert_eq!(
        (waiting.act.as_deref(), waiting.act_by.as_deref()),
        (Some("replayed"), Some("ana"))
    );
    assert_eq!(world.seen(ids[0]).await.state, "done");
}

#[tokio::test]
async fn a_dead_letter_whose_place_was_taken_stays_dead() {
    let world = World::new().await;
    let work = limping(&Arc::default());
    let ids = dead_streets(&world, &work, &["high street"]).await;
    let next = world.enqueue(&street("high street")).await;

    let replayed = world.desk().replay(&ids, "ana", world.now()).await.expect("asked");

    assert!(next.is_new, "a dead letter holds no place");
    assert_eq!(replayed, []);
    assert_eq!(world.seen(ids[0]).await.state, "dead");
}

#[tokio::test]
async fn a_dead_letter_that_is_given_up_can_be_found_with_who_did_it() {
    let world = World::new().await;
    let work = limping(&Arc::default());
    let ids = dead_streets(&world, &work, &["high street", "mill lane"]).await;
    let waiting = world.enqueue(&letter("dear")).await;

    let both = [ids[0], waiting.id];
    let given_up = world.desk().discard(&both, "ben", world.now()).await.expect("discarded");

    assert_eq!(given_up, [ids[0]], "only what is dead is given up");
    let seen = world.seen(ids[0]).await;
    assert_eq!((seen.state.as_str(), seen.act_by.as_deref()), ("discarded", Some("ben")));
    let filter = Filter { state: Some(State::Discarded), ..Filter::default() };
    let listed = world.desk().list(&filter, None).await.expect("listed");
    assert_eq!(listed.iter().map(|it| it.id).collect::<Vec<_>>(), [ids[0]]);
    assert_eq!(world.pump(vec![sending(&world.log)]).await, 1);
}
