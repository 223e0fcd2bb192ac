//! A tenant that has left: erased, then forgotten; its neighbour's keys go on.

use socle_auth::{MODULE, Refused};

use crate::world::{World, code, days, new_key, seconds};

#[tokio::test]
async fn a_tenant_that_left_is_erased_and_forgotten_and_its_neighbour_is_untouched() {
    let world = World::new().await;
    let there = &world.neighbour().await;
    let gone = world.issued("till").await;
    world.rotate(&gone, days(1)).await.expect("rotated");
    let kept = world.keys.issue(there, new_key("till"), world.entropy()).await.expect("a key");
    let (tenants, id) = (&world.tenants, world.tenant.id);
    let over = &world.cx.at(world.cx.now.after(days(30)));
    let _ = tenants.leave(&world.cx, id, days(30)).await.expect("leaving");

    for tenant in tenants.due(over).await.expect("asked") {
        assert_eq!(tenant.id, id);
        let erased = world.database.database.erase(&[MODULE], tenant.id).await.expect("erased");
        assert_eq!(erased, 2, "the key and the one that took its place");
        tenants.forget(over, tenant.id).await.expect("forgotten");
    }

    assert_eq!(tenants.due(over).await.expect("asked"), []);
    assert_eq!(world.refusal(gone.text.expose(), seconds(9)).await, Refused::Unknown);
    assert_eq!(code(world.issue(&world.cx, new_key("more")).await), "not-found");
    let rows = "select count(*) from socle_auth.api_key";
    assert_eq!(world.database.number(rows).await, 1);
    assert_eq!(world.keys.find(there, kept.key.id).await.expect("found"), kept.key);
    world.enter(kept.text.expose(), seconds(9)).await.expect("let in");
    let tombstone = "select count(*) from socle_auth.tenant
                     where handle = 'demo' and name = 'forgotten' and forgotten_at is not null";
    assert_eq!(world.database.number(tombstone).await, 1);
}
