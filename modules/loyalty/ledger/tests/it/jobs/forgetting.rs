//! What is not kept for ever.

use socle_books::Key;

use super::{at, living_in};
use crate::world::{ALICE, World};

#[tokio::test]
async fn the_keys_of_requests_are_forgotten_a_day_later_and_those_of_purchases_never() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "30.00").await;
    let asked = world.ledger.under(Key::of_request("test", "burn", &1));
    asked.burn(&world.cx, &world.programme, world.spending(ALICE, 5)).await.expect("spent");
    let worker = world.worker(living_in(&world, "UTC"));
    let keys = async |text| {
        worker.pump(at(text)).await.expect("the jobs are done");
        world.database.number("select count(*) from socle_ledger.idempotency").await
    };

    let first = keys("2030-01-01T12:00:00Z").await;
    let nearly = keys("2030-01-02T11:50:00Z").await;
    let over = keys("2030-01-02T12:00:00Z").await;

    assert_eq!([first, nearly, over], [2, 2, 1]);
}

#[tokio::test]
async fn reports_are_forgotten_a_quarter_of_a_year_later() {
    let world = World::new().await;
    world.bought(ALICE, "2029-01-15", "30.00").await;
    world.ledger.ask_verification(&world.cx).await.expect("asked");
    let worker = world.worker(living_in(&world, "UTC"));
    let kept = async |text| {
        worker.pump(at(text)).await.expect("the jobs are done");
        let verifications = "select count(*) from socle_ledger.verification";
        let notices = "select count(*) from socle_ledger.expiry_notice";
        [world.database.number(verifications).await, world.database.number(notices).await]
    };

    let first = kept("2030-01-01T12:00:00Z").await;
    let told = kept("2030-01-02T08:00:00Z").await;
    let nearly = kept("2030-04-01T11:00:00Z").await;
    let without_verification = kept("2030-04-02T03:30:00Z").await;
    let with_notice = kept("2030-04-15T03:30:00Z").await;
    let with_nothing = kept("2030-04-16T03:30:00Z").await;

    assert_eq!([first, told, nearly], [[1, 0], [1, 1], [1, 1]]);
    assert_eq!([without_verification, with_notice, with_nothing], [[0, 1], [0, 1], [0, 0]]);
}
