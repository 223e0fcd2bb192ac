//! Dead letters: seen with what they went through, replayed, given up, each with who it was.

use socle_events::{
    EventId, Worker,
    dead_letters::{self, Filter, Letter, Picked, State},
};
use socle_kernel::Retry;

use crate::world::{Served, What, World, served, soup, told};

const BY: &str = "an operator";

/// Dead: the second event of `a` and the only one of `b`.
async fn with_dead_letters(world: &World) -> Worker {
    let all: [Served; 4] =
        [soup("a", 1), served("a", 2, What::Hot), soup("a", 3), served("b", 1, What::Poison)];
    world.serves(&world.cx(), &all).await;
    let mut worker = world.worker_of(world.counting("count").retry(Retry::NONE));
    world.pump(&mut worker).await;
    worker
}

async fn letters(world: &World, state: State) -> Vec<Letter> {
    let filter = Filter { state: Some(state), ..Filter::default() };
    dead_letters::list(&world.desk, filter, None, 10).await.expect("listed")
}

fn names(letters: &[Letter]) -> Vec<String> {
    let name = |it: &Letter| format!("{} {}", it.envelope.partitionkey, it.envelope.sequence);
    letters.iter().map(name).collect()
}

#[tokio::test]
async fn a_dead_letter_is_whole_and_says_why() {
    let world = World::new().await;
    with_dead_letters(&world).await;

    let dead = letters(&world, State::Dead).await;
    let found = dead_letters::find(&world.desk, "count", dead[0].envelope.id).await;
    let counts = dead_letters::count(&world.desk).await.expect("counted");

    assert_eq!(names(&dead), ["a 2", "b 1"]);
    let why = "could not eat it: it cannot be eaten";
    assert_eq!(dead[0].first_error.as_deref(), Some(why));
    assert_eq!((dead[0].attempts, dead[0].envelope.actortype.as_str()), (1, "person"));
    assert!(dead[0].envelope.data.contains("\"Hot\""));
    assert_eq!(found.expect("found"), Some(dead[0].clone()));
    assert_eq!((counts[0].parked, counts[0].dead), (0, 2));
}

#[tokio::test]
async fn a_replayed_letter_is_handled_once_and_keeps_what_it_went_through() {
    let world = World::new().await;
    let mut worker = with_dead_letters(&world).await;
    let id = letters(&world, State::Dead).await[0].envelope.id;
    *world.bears_heat.lock().expect("nobody panicked") = true;

    let replayed = dead_letters::replay(&world.desk, "count", Picked::Ids(&[id]), BY).await;
    world.pump(&mut worker).await;
    world.pump(&mut worker).await;

    assert_eq!(replayed.expect("replayed"), 1);
    assert_eq!(world.counted().await, told(&[soup("a", 1), soup("a", 3), soup("a", 2)]));
    let handled = letters(&world, State::Handled).await;
    assert_eq!(names(&handled), ["a 2"]);
    assert_eq!((handled[0].attempts, handled[0].decided_by.as_deref()), (2, Some("an operator")));
    assert!(handled[0].first_error.is_some());
}

#[tokio::test]
async fn a_replayed_letter_that_fails_again_is_dead_again_and_holds_nobody_up() {
    let world = World::new().await;
    let mut worker = with_dead_letters(&world).await;

    dead_letters::replay(&world.desk, "count", Picked::All, BY).await.expect("replayed");
    world.serves(&world.cx(), &[soup("b", 2)]).await;
    world.pump(&mut worker).await;

    let dead = letters(&world, State::Dead).await;
    assert_eq!(names(&dead), ["a 2", "b 1"]);
    assert_eq!(dead[1].attempts, 2);
    assert_eq!(world.counted().await, told(&[soup("a", 1), soup("a", 3), soup("b", 2)]));
}

#[tokio::test]
async fn a_discarded_letter_stays_to_be_seen_and_is_never_tried_again() {
    let world = World::new().await;
    let mut worker = with_dead_letters(&world).await;
    *world.bears_heat.lock().expect("nobody panicked") = true;

    let discarded = dead_letters::discard(&world.desk, "count", Picked::All, BY).await;
    let replayed = dead_letters::replay(&world.desk, "count", Picked::All, BY).await;
    world.pump(&mut worker).await;

    assert_eq!((discarded.expect("done"), replayed.expect("asked")), (2, 0));
    assert_eq!(letters(&world, State::Discarded).await.len(), 2);
    assert_eq!(world.counted().await, told(&[soup("a", 1), soup("a", 3)]));
}

#[tokio::test]
async fn when_what_is_tried_again_is_given_up_what_waits_for_it_goes_on() {
    let world = World::new().await;
    world.serves(&world.cx(), &[served("a", 1, What::Poison), soup("a", 2), soup("a", 3)]).await;
    let mut worker = world.worker("count");
    world.pump(&mut worker).await;
    let id: EventId = letters(&world, State::Retrying).await[0].envelope.id;

    dead_letters::discard(&world.desk, "count", Picked::Ids(&[id]), BY).await.expect("done");
    world.pump(&mut worker).await;

    assert_eq!(world.counted().await, told(&[soup("a", 2), soup("a", 3)]));
}

#[tokio::test]
async fn letters_come_in_pages_and_by_what_is_asked_for() {
    let world = World::new().await;
    with_dead_letters(&world).await;
    let of = |group| Filter { group: Some(group), ..Filter::default() };
    let list = async |filter, after, limit| {
        dead_letters::list(&world.desk, filter, after, limit).await.expect("listed")
    };

    let first = list(of("count"), None, 1).await;
    let after = (first[0].group.as_str(), first[0].envelope.id);
    let second = list(of("count"), Some(after), 10).await;

    assert_eq!([names(&first), names(&second)].concat(), ["a 2", "b 1"]);
    assert_eq!(list(of("another"), None, 10).await, []);
}
