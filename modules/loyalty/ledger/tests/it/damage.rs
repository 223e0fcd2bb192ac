//! `verify` names what contradicts the ledger's own tables.

use std::collections::BTreeSet;

use socle_books::verify::Tenants;
use socle_kernel::{Currency, Money};
use socle_ledger::{EarnRate, NewProgramme, NewPurchase, Refund, Rounding};

use crate::world::{ALICE, BOB, World, amount, rules};

/// What is done to books that were in order before, and which checks notice.
type Damage<'d> = (&'d str, &'d [&'static str]);

/// In one world with a bit of everything.
async fn lived() -> World {
    let world = World::new().await;
    world.bought(ALICE, "2028-06-15", "40.00").await;
    world.ledger.expire_due(&world.cx).await.expect("what is over is recorded");
    let refunded = world.bought(ALICE, "2029-01-31", "29.33").await;
    world.burn(&world.cx, ALICE, 12).await.expect("spent");
    world.refund(refunded.id, "10.00").await.expect("given back");
    world.refund(refunded.id, "0.10").await.expect("given back, and no point moves");
    world.adjust(BOB, 7, "an apology").await.expect("given");
    world.bought(BOB, "2029-03-01", "0.99").await;
    let undone = world.bought(BOB, "2029-04-01", "50.00").await;
    world.reverse(&world.cx, undone.transaction()).await.expect("taken back");
    world
}

async fn checks(world: &World) -> BTreeSet<&'static str> {
    let report = world.ledger.verify(Tenants::All).await.expect("it runs");
    report.differences.into_iter().map(|it| it.check).collect()
}

async fn each_is_found(damages: &[Damage<'_>]) {
    for (damage, shows) in damages {
        let world = lived().await;
        assert_eq!(checks(&world).await, BTreeSet::new(), "before {damage}");

        world.database.execute(damage).await;

        assert_eq!(checks(&world).await, shows.iter().copied().collect(), "{damage}");
    }
}

/// Events with another word in what they tell.
fn retold(from: &str, to: &str) -> String {
    let data = format!("replace(data::text, '{from}', '{to}')::json");
    format!("update socle_ledger.outbox set data = {data}")
}

#[tokio::test]
async fn damage_to_the_life_of_points_is_found() {
    each_is_found(&[
        (
            "update socle_ledger.lot set expires_at = expires_at + interval '1 day'
             where remaining = 0 and amount = 40",
            &["lot-expiry", "lot-time"],
        ),
        (
            "update socle_ledger.lot set expires_at = expires_at + interval '1 day'
             where amount = 7",
            &["lot-expiry"],
        ),
        ("update socle_ledger.lot set expires_at = null where amount = 7", &["lot-expiry"]),
        ("update socle_ledger.lot set expires_at = null where amount = 29", &["lot-expiry"]),
        (
            "update socle_ledger.lot set expires_at = '2029-06-01Z' where amount = 29",
            &["lot-expiry", "lot-time"],
        ),
    ])
    .await;
}

#[tokio::test]
async fn damage_to_purchases_is_found() {
    each_is_found(&[
        (
            "delete from socle_ledger.purchase where points = 29",
            &["purchase", "purchase-key", "purchase-refunds", "refund"],
        ),
        ("delete from socle_ledger.purchase where points = 0", &["purchase-key"]),
        (
            "update socle_ledger.purchase set points = points + 1 where points = 29",
            &["purchase", "purchase-points"],
        ),
        (
            "update socle_ledger.purchase set customer = 'demo-bob' where points = 29",
            &["purchase", "refund"],
        ),
        (
            "update socle_ledger.purchase set amount = amount + 100 where points = 29",
            &["purchase-points"],
        ),
        ("update socle_ledger.purchase set amount = 100 where amount = 99", &["purchase-points"]),
        (
            "update socle_ledger.purchase set id = gen_random_uuid() where points = 0",
            &["purchase-key"],
        ),
    ])
    .await;
}

#[tokio::test]
async fn damage_to_refunds_is_found() {
    each_is_found(&[
        (
            "update socle_ledger.purchase set refunded_points = 9 where points = 29",
            &["purchase-points", "purchase-refunds"],
        ),
        (
            "update socle_ledger.purchase set refunded = refunded - 5 where points = 29",
            &["purchase-refunds"],
        ),
        (
            "update socle_ledger.purchase set refunded = 0, refunded_points = 0 where points = 50",
            &["purchase-refunds"],
        ),
        (
            "update socle_ledger.refund set points = points - 1 where 0 < points",
            &["purchase-refunds", "refund"],
        ),
        ("delete from socle_ledger.refund where points = 0", &["purchase-key", "purchase-refunds"]),
        (
            "delete from socle_ledger.refund where 0 < points",
            &["purchase-key", "purchase-refunds", "refund"],
        ),
        (
            "update socle_ledger.refund set purchase_id = (
                 select id from socle_ledger.purchase where points = 0)",
            &["purchase-refunds", "refund"],
        ),
        ("delete from socle_ledger.idempotency where transfers = '{}'", &["purchase-key"]),
    ])
    .await;
}

#[tokio::test]
async fn damage_to_what_events_tell_is_found() {
    each_is_found(&[
        (&retold("\"amount\":29", "\"amount\":92"), &["outbox-data"]),
        (&retold("2029-01-31T00", "2029-01-31T01"), &["outbox-data"]),
        (&retold("\"recorded_at\":\"2030", "\"recorded_at\":\"a moment"), &["outbox-data"]),
        (&retold("\"reverses\":", "\"undoes\":"), &["outbox-data"]),
        (&retold("\"asset\":\"PTS", "\"asset\":\"PPP"), &["outbox-data"]),
        (&retold("\"kind\":\"adjust\"", "\"kind\":\"earn\""), &["outbox-data"]),
        (&retold("{", "{\"note\":1,"), &["outbox-data"]),
        ("update socle_ledger.outbox set data = '{}'", &["outbox-data"]),
        ("update socle_ledger.outbox set data = '[]'", &["outbox-data"]),
        ("update socle_ledger.outbox set actorid = 'per_another'", &["outbox-envelope"]),
        ("update socle_ledger.outbox set actortype = 'system'", &["outbox-envelope"]),
        ("update socle_ledger.outbox set correlationid = gen_random_uuid()", &["outbox-envelope"]),
        ("update socle_ledger.outbox set time = time + interval '1 second'", &["outbox-envelope"]),
        ("update socle_ledger.outbox set id = gen_random_uuid()", &["outbox-envelope"]),
    ])
    .await;
}

#[tokio::test]
async fn what_purchases_earn_is_recomputed_by_the_rules_of_any_programme() {
    let world = World::new().await;
    let (cx, ledger) = (&world.cx, &world.ledger);
    let letters = || 'A'..='Z';
    let codes = letters().flat_map(|a| letters().map(move |b| [a, b]));
    let codes = codes.flat_map(|[a, b]| letters().map(move |c| String::from_iter([a, b, c])));
    let currencies: Vec<_> = codes.filter_map(|it| Currency::try_new(&it).ok()).collect();
    assert!(150 < currencies.len());

    let roundings = [Rounding::Down, Rounding::HalfUp, Rounding::Up].into_iter().cycle();
    for (currency, rounding) in currencies.into_iter().zip(roundings) {
        let rate = EarnRate { points: 3, per_units: 7 };
        let minimum = amount(1_000);
        let rules = NewProgramme { currency, rounding, rate, minimum, ..rules(currency.code()) };
        let programme = ledger.define_programme(cx, rules).await.expect("a programme");
        for minor in [999, 1_000, 1_167, 123_456] {
            let sum = Money { amount: amount(minor), currency };
            let purchase = NewPurchase { amount: sum, ..world.purchase(ALICE, "2029-06-15", "1") };
            let (id, given) = (purchase.id, Money { amount: amount(290), currency });
            ledger.earn(cx, &programme, purchase).await.expect("points are given");
            let refund = Refund { amount: given, ..world.refund_of(id, "1") };
            ledger.refund(cx, refund).await.expect("money is given back");
        }
    }

    assert_eq!(checks(&world).await, BTreeSet::new());
}
