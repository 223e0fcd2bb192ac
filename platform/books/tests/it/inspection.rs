//! What verifications of all tenants found, kept for a quarter of a year.

use std::time::Duration;

use socle_books::{Inspection, inspect, last_inspection, verify::Announced};
use socle_kernel::{Cx, Id};
use uuid::Uuid;

use crate::{
    shop::{ALICE, BANK, Shop},
    world::{Entrance, World},
};

const KEPT: &str = "select count(*) from socle_shop.inspection";
const FINDINGS: &str = "select count(*) from socle_shop.inspection_finding";

async fn inspected(world: &World, cx: &Cx, n: u128) -> Inspection {
    let id = Id::from_uuid(Uuid::from_u128(n));
    let done = inspect(&world.db, (cx, id), Announced::Partly, (&[], &|_, _, _| {})).await;
    done.expect("it is kept")
}

async fn opened(world: &World) -> Shop<'_> {
    let shop = Shop::new(world, Entrance::Transaction, 1);
    shop.opened().await;
    shop.moves(BANK, ALICE, 100).await;
    shop
}

#[tokio::test]
async fn the_latest_inspection_is_found() {
    let world = World::new().await;
    let shop = opened(&world).await;
    assert_eq!(last_inspection(&world.db).await.expect("asked"), None);

    let first = inspected(&world, &shop.cx(), 1).await;
    shop.clock.move_by(60);
    let second = inspected(&world, &shop.cx(), 2).await;

    assert_eq!((first.is_conserved, first.differences), (true, 0));
    assert_eq!(last_inspection(&world.db).await.expect("asked"), Some(second));
    assert_eq!(world.database.number(FINDINGS).await, 0);
}

#[tokio::test]
async fn what_differs_is_counted_and_kept_with_its_tenant() {
    let world = World::new().await;
    let shop = opened(&world).await;
    world.database.execute("update socle_shop.account set balance = 7 where balance = 100").await;

    let found = inspected(&world, &shop.cx(), 1).await;

    assert!(0 < found.differences);
    assert_eq!(world.database.number(FINDINGS).await, found.differences);
    let named = "select count(*) from socle_shop.inspection_finding
                 where tenant_id = '00000000-0000-0000-0000-000000000001' and subject like 'acc_%'";
    assert_eq!(world.database.number(named).await, found.differences);
}

#[tokio::test]
async fn an_inspection_that_is_repeated_is_kept_once() {
    let world = World::new().await;
    let shop = opened(&world).await;
    world.database.execute("update socle_shop.account set balance = 7 where balance = 100").await;

    let found = inspected(&world, &shop.cx(), 1).await;
    inspected(&world, &shop.cx(), 1).await;

    assert_eq!(world.database.number(KEPT).await, 1);
    assert_eq!(world.database.number(FINDINGS).await, found.differences);
}

#[tokio::test]
async fn what_was_found_a_quarter_of_a_year_ago_is_forgotten() {
    let world = World::new().await;
    let shop = opened(&world).await;
    world.database.execute("update socle_shop.account set balance = 7 where balance = 100").await;
    let cx = shop.cx();
    inspected(&world, &cx, 1).await;
    world.database.execute("update socle_shop.account set balance = 100 where balance = 7").await;
    let day = 24 * 3_600;

    inspected(&world, &cx.at(cx.now.after(Duration::from_secs(90 * day - 1))), 2).await;
    let before = (world.database.number(KEPT).await, world.database.number(FINDINGS).await);
    inspected(&world, &cx.at(cx.now.after(Duration::from_secs(90 * day))), 3).await;
    let after = (world.database.number(KEPT).await, world.database.number(FINDINGS).await);

    assert!(before.0 == 2 && 0 < before.1, "{before:?}");
    assert_eq!(after, (2, 0));
}
