//! Holds whose time is over.

use socle_books::HoldState;

use super::{at, living_in};
use crate::{
    events::told_of,
    world::{ALICE, World, noon},
};

#[tokio::test]
async fn a_hold_that_the_clock_has_ended_is_recorded_within_a_minute_and_told_of_once() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "30.00").await;
    let hold = world.hold(ALICE, 20, 7).await.expect("held");
    let worker = world.worker(living_in(&world, "UTC"));
    let state = async |text| {
        worker.pump(at(text)).await.expect("the jobs are done");
        world.ledger.find_hold(&world.cx, hold).await.expect("found").state
    };

    let first = state("2030-01-01T12:00:00Z").await;
    let before = state("2030-01-07T23:59:00Z").await;
    let then = state("2030-01-08T00:00:00Z").await;
    let after = state("2030-01-08T00:01:00Z").await;

    let (open, expired) = (HoldState::Open, HoldState::Expired);
    assert_eq!([first, before, then, after], [open, open, expired, expired]);
    let told = told_of(&world, "ledger.hold.expired").await;
    let [told] = &told[..] else { panic!("once: {told:?}") };
    assert_eq!(told["data"]["hold"], hold.to_string());
    assert_eq!(told["data"]["expired_at"], "2030-01-08T00:00:00Z");
    assert_eq!(told["actorid"], "ledger.clock");
}

#[tokio::test]
async fn whoever_finds_a_hold_ended_tells_of_it_and_has_not_ended_it() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "30.00").await;
    let hold = world.hold(ALICE, 20, 7).await.expect("held");
    let later = &world.cx.at(noon("2030-02-01"));

    world.burn(later, ALICE, 30).await.expect("nothing is set aside any more");
    world.pump(later.now).await;

    let told = told_of(&world, "ledger.hold.expired").await;
    let [told] = &told[..] else { panic!("once: {told:?}") };
    assert_eq!(told["data"]["hold"], hold.to_string());
    assert_eq!((&told["actortype"], &told["actorid"]), (&"system".into(), &"ledger.clock".into()));
    assert_eq!(told["correlationid"], world.cx.correlation.to_string());
}
