//! Customers are told of points that will expire, once.

use serde_json::{Value, json};

use super::{at, living_in};
use crate::{
    events::told_of,
    world::{ALICE, BOB, World},
};

/// Whom, of which day and how many points.
async fn told(world: &World) -> Vec<(Value, Value, Value)> {
    let told = told_of(world, "ledger.expiry.announced").await.into_iter();
    let told = told.map(|it| it["data"].clone());
    told.map(|it| (it["customer"].clone(), it["day"].clone(), it["points"].clone())).collect()
}

fn expiry(customer: &str, day: &str, points: i64) -> (Value, Value, Value) {
    (json!(customer), json!(day), json!(points))
}

#[tokio::test]
async fn customers_are_told_once_of_what_expires_within_30_days() {
    let world = World::new().await;
    world.bought(ALICE, "2029-01-15", "30.00").await;
    world.bought(ALICE, "2029-02-10", "7.00").await;
    world.bought(BOB, "2029-02-01", "12.00").await;
    world.bought(BOB, "2029-02-02", "9.00").await;
    let worker = world.worker(living_in(&world, "UTC"));
    let pump = async |text| {
        worker.pump(at(text)).await.expect("the jobs are done");
        told(&world).await
    };

    let at_noon = pump("2030-01-01T12:00:00Z").await;
    let next_morning = pump("2030-01-02T08:00:00Z").await;
    let again = pump("2030-01-02T20:00:00Z").await;
    let a_day_later = pump("2030-01-03T08:00:00Z").await;
    let in_the_end = pump("2030-01-20T08:00:00Z").await;

    assert_eq!(at_noon, []);
    let first = [expiry(ALICE, "2030-01-15", 30), expiry(BOB, "2030-02-01", 12)];
    assert_eq!(next_morning, first);
    assert_eq!(again, first);
    assert_eq!(a_day_later[..2], first);
    assert_eq!(a_day_later[2..], [expiry(BOB, "2030-02-02", 9)]);
    assert_eq!(in_the_end[3..], [expiry(ALICE, "2030-02-10", 7)]);
    let event = &told_of(&world, "ledger.expiry.announced").await[0];
    let account = world.customers(ALICE).points.id.to_string();
    let data = json!({
        "account": account, "customer": ALICE, "programme": world.programme.id.to_string(),
        "day": "2030-01-15", "expires_at": "2030-01-15T00:00:00Z", "points": 30,
    });
    assert_eq!(event["data"], data);
    assert_eq!(event["partitionkey"], format!("{account}/2030-01-15"));
}

#[tokio::test]
async fn what_is_spent_set_aside_or_comes_later_is_not_told_of() {
    let world = World::new().await;
    world.bought(ALICE, "2029-01-15", "30.00").await;
    world.bought(BOB, "2029-01-15", "10.00").await;
    world.burn(&world.cx, ALICE, 12).await.expect("spent");
    world.hold(ALICE, 5, 60).await.expect("held");
    world.burn(&world.cx, BOB, 10).await.expect("spent");
    let worker = world.worker(living_in(&world, "UTC"));
    worker.pump(world.cx.now).await.expect("the calendar is kept");

    worker.pump(at("2030-01-02T08:00:00Z")).await.expect("they are told");
    let first = told(&world).await;
    world.bought(ALICE, "2029-01-15", "8.00").await;
    worker.pump(at("2030-01-03T08:00:00Z")).await.expect("they are told");

    assert_eq!(first, [expiry(ALICE, "2030-01-15", 13)]);
    assert_eq!(told(&world).await, first, "a day is told of once");
}

#[tokio::test]
async fn nobody_is_told_of_an_account_that_is_no_customer_s() {
    let world = World::new().await;
    let cx = &world.cx;
    let opened = async |owner: &str, expires_to| {
        let opening = socle_ledger::Opening {
            owner: owner.parse().expect("an owner"),
            purpose: "points".parse().expect("a purpose"),
            asset: world.programme.asset(),
            side: socle_books::Side::Credit,
            bounds: socle_books::Bounds::NONE,
            expires_to,
        };
        world.ledger.open_account(cx, opening).await.expect("opened").id
    };
    let (from, to) = (opened("till:1", None).await, opened("till:2", None).await);
    let lots = opened("till:3", Some(to)).await;
    let leg = socle_books::Leg::credit(lots, crate::world::amount(5));
    let legs = vec![
        leg.expiring(Some(at("2030-01-10T00:00:00Z"))),
        socle_books::Leg::debit(from, crate::world::amount(5)),
    ];
    let (id, kind, memo) = (cx.new_id(), "gift".to_owned(), socle_books::Memo::default());
    let new = socle_ledger::NewTransaction { id, kind, effective_at: None, legs, memo };
    world.ledger.post(cx, new).await.expect("posted");
    let worker = world.worker(living_in(&world, "UTC"));
    worker.pump(cx.now).await.expect("the calendar is kept");

    worker.pump(at("2030-01-02T08:00:00Z")).await.expect("they are told");

    assert_eq!(told(&world).await, []);
}
