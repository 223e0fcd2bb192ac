//! `verify` names what contradicts the ledger's own tables.

use std::collections::BTreeSet;

use socle_books::verify::Tenants;

use crate::world::{ALICE, World};

/// Each in books that were in order before: what is done, and which checks notice.
const DAMAGES: [(&str, &[&str]); 7] = [
    ("update socle_ledger.lot set expires_at = expires_at + interval '1 day'", &["lot-expiry"]),
    ("update socle_ledger.lot set expires_at = null", &["lot-expiry"]),
    ("delete from socle_ledger.purchase", &["purchase"]),
    ("update socle_ledger.purchase set points = points + 1", &["purchase"]),
    ("update socle_ledger.purchase set customer = 'demo-bob'", &["purchase"]),
    (
        "update socle_ledger.outbox
         set data = replace(data::text, '\"amount\":29', '\"amount\":92')::json",
        &["outbox-data"],
    ),
    ("update socle_ledger.outbox set data = '{}'", &["outbox-data"]),
];

async fn checks(world: &World) -> BTreeSet<&'static str> {
    let report = world.ledger.verify(Tenants::All).await.expect("it runs");
    report.differences.into_iter().map(|it| it.check).collect()
}

#[tokio::test]
async fn damage_beside_the_books_is_found() {
    for (damage, shows) in DAMAGES {
        let world = World::new().await;
        world.bought(ALICE, "2029-01-31", "29.33").await;
        world.burn(&world.cx, ALICE, 12).await.expect("spent");
        assert_eq!(checks(&world).await, BTreeSet::new(), "before {damage}");

        world.database.execute(damage).await;

        assert_eq!(checks(&world).await, shows.iter().copied().collect(), "{damage}");
    }
}
