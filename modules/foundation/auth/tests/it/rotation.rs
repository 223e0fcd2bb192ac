//! Rotation: another text for the same app, and a time in which both are good.

use socle_auth::{LEASE, NewKey, Refused};

use crate::world::{World, code, days, nearly_days, new_key, seconds};

const NOW: std::time::Duration = seconds(0);

#[tokio::test]
async fn during_the_overlap_both_let_the_same_app_in_and_afterwards_the_new_one_does() {
    let world = World::new().await;
    let old = world.issued("till").await;

    let new = world.rotate(&old, days(1)).await.expect("rotated");

    assert_eq!((new.key.app, &new.key.name), (old.key.app, &old.key.name));
    assert_eq!((&new.key.scopes, new.key.expires_at), (&old.key.scopes, None));
    assert_ne!((new.text.expose(), new.key.id), (old.text.expose(), old.key.id));
    let within = nearly_days(1);
    for text in [&old.text, &new.text] {
        let identity = world.enter(text.expose(), within).await.expect("let in");
        assert_eq!(identity.app, old.key.app);
    }
    assert_eq!(world.refusal(old.text.expose(), days(1)).await, Refused::Expired, "from memory");
    let long_after = days(1) + LEASE;
    assert_eq!(world.refusal(old.text.expose(), long_after).await, Refused::Expired);
    world.enter(new.text.expose(), long_after).await.expect("let in");
}

#[tokio::test]
async fn without_an_overlap_the_old_one_ends_at_once() {
    let world = World::new().await;
    let old = world.issued("till").await;
    world.enter(old.text.expose(), NOW).await.expect("let in");

    let (cx, id) = (&world.cx, old.key.id);
    let ended = world.keys.rotate(cx, id, NOW, world.entropy()).await.expect("rotated");

    assert_eq!(ended.effective_in, LEASE);
    assert_eq!(world.refusal(old.text.expose(), NOW).await, Refused::Revoked);
    world.enter(ended.it.text.expose(), NOW).await.expect("let in");
    let second = world.keys.rotate(cx, ended.it.key.id, days(1), world.entropy()).await;
    assert_eq!(second.expect("rotated").effective_in, NOW, "known everywhere by then");
}

#[tokio::test]
async fn a_key_is_rotated_once_and_only_while_it_is_in_force() {
    let world = World::new().await;
    let old = world.issued("till").await;
    let revoked = world.issued("revoked").await;
    let _ = world.keys.revoke(&world.cx, revoked.key.id).await.expect("revoked");
    let dying = NewKey { expires_at: Some(world.cx.now.after(days(1))), ..new_key("dying") };
    let dying = world.issue(&world.cx, dying).await.expect("a key");
    world.rotate(&old, days(1)).await.expect("rotated");

    assert_eq!(code(world.rotate(&old, days(1)).await), "auth.key-rotated");
    assert_eq!(code(world.rotate(&revoked, days(1)).await), "auth.key-ended");
    let late = &world.cx.at(world.cx.now.after(days(1)));
    let expired = world.keys.rotate(late, dying.key.id, NOW, world.entropy()).await;
    assert_eq!(code(expired), "auth.key-ended");
    let endless = world.rotate(&dying, days(30) + seconds(1)).await;
    assert_eq!(code(endless), "auth.overlap-too-long");
    let keys = world.keys.list(&world.cx, None, 10).await.expect("a list");
    assert_eq!(keys.len(), 4, "three were issued, one rotation made another");
}

#[tokio::test]
async fn of_many_rotations_at_once_one_takes_effect() {
    let world = World::new().await;
    let old = world.issued("till").await;

    let each = futures_util::future::join_all((0..8).map(|_| world.rotate(&old, days(1)))).await;

    assert_eq!(each.iter().filter(|it| it.is_ok()).count(), 1);
    assert_eq!(world.keys.list(&world.cx, None, 10).await.expect("a list").len(), 2);
}

#[tokio::test]
async fn the_new_one_lives_as_long_as_the_old_one_was_meant_to_and_the_old_one_no_longer() {
    let world = World::new().await;
    let new = NewKey { expires_at: Some(world.cx.now.after(days(90))), ..new_key("till") };
    let old = world.issue(&world.cx, new).await.expect("a key");
    let later = &world.cx.at(world.cx.now.after(days(80)));

    let (id, overlap) = (old.key.id, days(30));
    let rotated = world.keys.rotate(later, id, overlap, world.entropy()).await.expect("rotated").it;

    assert_eq!(rotated.key.expires_at, Some(later.now.after(days(90))));
    let old = world.keys.find(&world.cx, id).await.expect("found");
    assert_eq!(old.expires_at, Some(world.cx.now.after(days(90))), "no overlap gives it more");
    assert_eq!((old.rotated_at, old.revoked_at), (Some(later.now), None));
}

#[tokio::test]
async fn the_name_goes_over_to_the_new_one() {
    let world = World::new().await;
    let old = world.issued("till").await;
    let new = world.rotate(&old, days(1)).await.expect("rotated");

    let taken = world.issue(&world.cx, new_key("till")).await;

    assert_eq!(code(taken), "auth.key-name-taken");
    let _ = world.keys.revoke(&world.cx, new.key.id).await.expect("revoked");
    world.issued("till").await;
}
