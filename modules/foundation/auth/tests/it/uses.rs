//! When a key was last used is written down now and then, not at each use.

use crate::world::{World, seconds};

#[tokio::test]
async fn a_last_use_is_written_when_uses_are_noted_and_at_most_once_a_minute() {
    let world = World::new().await;
    let (cx, issued) = (&world.cx, world.issued("till").await);
    let last = async || world.keys.find(cx, issued.key.id).await.expect("found").last_used_at;

    assert_eq!(last().await, None);
    for (used, noted) in [(0, 0), (59, 0), (60, 60), (61, 60), (300, 300)] {
        world.enter(issued.text.expose(), seconds(used)).await.expect("let in");
        world.keys.note_uses(cx).await.expect("noted");
        assert_eq!(last().await, Some(cx.now.after(seconds(noted))), "used after {used} s");
    }
}

#[tokio::test]
async fn uses_of_many_tenants_and_processes_are_noted_and_none_goes_back() {
    let world = World::new().await;
    let there = world.neighbour().await;
    let ours = world.issued("till").await;
    let theirs = world.keys.issue(&there, crate::world::new_key("till"), world.entropy()).await;
    let theirs = theirs.expect("a key");
    let elsewhere = world.elsewhere();
    world.enter(ours.text.expose(), seconds(0)).await.expect("let in");
    world.enter(theirs.text.expose(), seconds(100)).await.expect("let in");
    world.enter_at(&elsewhere, ours.text.expose(), seconds(200)).await.expect("let in");

    elsewhere.note_uses(&world.cx).await.expect("noted");
    world.keys.note_uses(&world.cx).await.expect("noted");

    let last = async |cx, id| world.keys.find(cx, id).await.expect("found").last_used_at;
    let after = |count| Some(world.cx.now.after(seconds(count)));
    assert_eq!(last(&world.cx, ours.key.id).await, after(200));
    assert_eq!(last(&there, theirs.key.id).await, after(100));
}

#[tokio::test]
async fn a_key_that_let_nobody_in_was_not_used() {
    let world = World::new().await;
    let issued = world.issued("till").await;
    let _ = world.keys.revoke(&world.cx, issued.key.id).await.expect("revoked");
    world.refusal(issued.text.expose(), seconds(0)).await;

    world.keys.note_uses(&world.cx).await.expect("noted");

    let found = world.keys.find(&world.cx, issued.key.id).await.expect("found");
    assert_eq!(found.last_used_at, None);
}
