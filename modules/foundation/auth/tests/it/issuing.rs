//! Keys are issued with what their issuer has, and shown once.

use socle_auth::{Entropy, NewKey, Tenant, scope};
use socle_kernel::Actor;

use crate::world::{World, code, new_key, scopes, seconds};

#[tokio::test]
async fn a_key_has_the_text_that_its_entropy_makes_and_is_shown_without_it() {
    let World { keys, cx, .. } = &World::new().await;
    let entropy = Entropy(std::array::from_fn(|it| u8::try_from(it).expect("small")));

    let issued = keys.issue(cx, new_key("checkout"), entropy).await.expect("a key");

    // Reckoned by hand from 0, 1, … 31: the number modulo 62³², then the CRC-32 of what precedes.
    let text = "sk_demo_flDIBkGwcRKRL9GXCgaFM3UNu2jQTCljpogHC3";
    assert_eq!(issued.text.expose(), text);
    assert_eq!(issued.key.prefix.as_ref(), "sk_demo_flDIBkGw");
    assert_eq!(issued.key.created_by.as_ref(), "system test");
    assert!(!format!("{issued:?}").contains(&text[20..]), "{issued:?}");
    assert_eq!(keys.find(cx, issued.key.id).await.expect("found"), issued.key);
    assert_eq!(keys.list(cx, None, 10).await.expect("a list"), [issued.key]);
}

#[tokio::test]
async fn the_text_is_nowhere_in_the_database() {
    let world = World::new().await;
    let issued = world.issued("checkout").await;

    let secret = &issued.text.expose()[issued.key.prefix.as_ref().len()..];
    let kept = format!(
        "select count(*) from socle_auth.api_key k
         where k::text like '%{secret}%' or encode(hash, 'escape') like '%{secret}%'"
    );

    assert_eq!(world.database.number(&kept).await, 0);
}

#[tokio::test]
async fn a_list_is_read_page_by_page() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for name in ["one", "two", "three"] {
        ids.push(world.issued(name).await.key.id);
    }

    let page = async |after| world.keys.list(&world.cx, after, 2).await.expect("a page");
    let first: Vec<_> = page(None).await.iter().map(|it| it.id).collect();
    let second: Vec<_> = page(Some(first[1])).await.iter().map(|it| it.id).collect();

    assert_eq!((&first[..], &second[..]), (&ids[..2], &ids[2..]));
}

#[tokio::test]
async fn a_name_belongs_to_one_key_until_that_is_revoked() {
    let world = World::new().await;
    let first = world.issued("checkout").await;

    let twice = world.issue(&world.cx, new_key("checkout")).await;

    assert_eq!(code(twice), "auth.key-name-taken");
    let _ = world.keys.revoke(&world.cx, first.key.id).await.expect("revoked");
    let next = world.issued("checkout").await;
    assert_ne!(next.key.app, first.key.app, "another app by the same name");
}

#[tokio::test]
async fn nobody_gives_a_right_that_he_does_not_have() {
    let world = World::new().await;
    let held = scopes(&["auth:keys", "ledger:read"]);
    let mut app = world.cx.clone();
    (app.actor, app.scopes) = (Actor::App(app.new_id(), None), held.clone());
    let cx = &app;
    let owner = world.issued("everything").await;

    let more = NewKey { scopes: scopes(&["ledger:read", "ledger:write"]), ..new_key("more") };
    assert_eq!(code(world.issue(cx, more).await), "auth.scope-not-held");
    let rotated = world.keys.rotate(cx, owner.key.id, seconds(0), world.entropy()).await;
    assert_eq!(code(rotated), "auth.scope-not-held", "its new text would give them");
    let same = NewKey { scopes: [held.clone(), held.clone()].concat(), ..new_key("same") };
    assert_eq!(world.issue(cx, same).await.expect("a key").key.scopes, held, "each once");
}

#[tokio::test]
async fn what_cannot_be_a_key_is_refused_and_nothing_is_kept() {
    let world = World::new().await;
    let (cx, new) = (&world.cx, new_key("checkout"));

    let none = NewKey { scopes: vec![], ..new.clone() };
    assert_eq!(code(world.issue(cx, none).await), "auth.scopes-missing");
    for limit_per_minute in [0, 1_000_001] {
        let unlimited = NewKey { limit_per_minute, ..new.clone() };
        assert_eq!(code(world.issue(cx, unlimited).await), "auth.key-limit");
    }
    let dead = NewKey { expires_at: Some(cx.now), ..new.clone() };
    assert_eq!(code(world.issue(cx, dead).await), "auth.expires-too-soon");
    for unknown in ["", "ledger:everything", "ledger", "Ledger:read", " ledger:read"] {
        assert_eq!(code(scope(unknown)), "auth.scope-unknown", "{unknown:?}");
    }
    assert_eq!(world.keys.list(cx, None, 10).await.expect("a list"), []);
}

#[tokio::test]
async fn a_tenant_that_is_let_in_no_more_gets_no_keys() {
    let world = World::new().await;
    let (cx, id) = (&world.cx, world.tenant.id);
    let issued = world.issued("checkout").await;

    let _ = world.tenants.suspend(cx, id).await.expect("suspended");
    assert_eq!(code(world.issue(cx, new_key("more")).await), "auth.tenant-suspended");
    assert_eq!(code(world.rotate(&issued, seconds(9)).await), "auth.tenant-suspended");
    let _ = world.tenants.leave(cx, id, Tenant::GRACE).await.expect("leaving");
    assert_eq!(code(world.issue(cx, new_key("more")).await), "auth.tenant-leaving");
    let nobody = cx.in_tenant(cx.new_id());
    assert_eq!(code(world.issue(&nobody, new_key("more")).await), "not-found");
}
