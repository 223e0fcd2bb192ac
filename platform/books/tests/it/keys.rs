//! Several keys for one unit: the request's, and that of what it is about; and how long each lasts.

use futures_util::future::join_all;
use socle_books::{Command, Error, KEYS_MAX, Key, Receipt, Refusal, Refused, Unit, forget_keys};
use socle_kernel::TransferId;

use crate::{
    idempotency::kept,
    shop::{ALICE, BANK, CAROL, DAY, HOUR, Shop, at, at_both_entrances},
    world::{ENTRANCES, Entrance, World, account, refusal},
};

fn lasting(name: &str) -> Key {
    Key::new("purchase", name, &"the same content")
}

fn request(name: &str) -> Key {
    Key::of_request("person/purchases", name, &"the same content")
}

fn other(name: &str) -> Key {
    Key::of_request("person/purchases", name, &"another content")
}

/// A unit that gives Alice 70, by a new request.
fn giving(shop: &Shop<'_>, keys: &[Key]) -> Unit {
    let unit = shop.unit().with(Command::Post(shop.moving(BANK, ALICE, 70)));
    asked_again(shop, unit, keys)
}

/// The unit under these keys, by a new request.
fn asked_again(shop: &Shop<'_>, unit: Unit, keys: &[Key]) -> Unit {
    let request: TransferId = shop.id();
    let mut cx = shop.cx();
    cx.correlation = request.uuid();
    let anew = Unit { author: Unit::new(&cx).author, keys: Vec::new(), ..unit };
    keys.iter().copied().fold(anew, Unit::keyed)
}

/// Submits it so that a refusal is kept too.
async fn submit(shop: &Shop<'_>, unit: &Unit) -> Result<Receipt, Error> {
    match shop.by {
        Entrance::Sequencer => shop.submit(unit.clone()).await,
        Entrance::Transaction => kept(shop, unit).await,
    }
}

async fn refused(shop: &Shop<'_>, unit: &Unit) -> Refused {
    match submit(shop, unit).await {
        Err(Error::Refused(it)) => it,
        other => panic!("a refusal was expected: {other:?}"),
    }
}

#[tokio::test]
async fn either_of_two_keys_alone_tells_what_was_done_under_both() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let first = giving(shop, &[lasting("one"), request("one")]);
        let told = shop.done(first.clone()).await;

        for keys in
            [vec![lasting("one")], vec![request("one")], vec![request("one"), lasting("one")]]
        {
            let again = shop.done(giving(shop, &keys)).await;

            assert_eq!(again.posted, told.posted);
            assert_eq!(again.replay_of, Some(first.author.correlationid));
        }
        assert_eq!((shop.balance(ALICE).await, told.replay_of), (70, None));
    })
    .await;
}

#[tokio::test]
async fn a_fresh_key_beside_a_used_one_tells_the_same_ever_after() {
    for (used, fresh) in [(lasting("one"), request("one")), (request("one"), lasting("one"))] {
        at_both_entrances(async |shop| {
            shop.opened().await;
            shop.earns(10, Some(HOUR)).await;
            shop.clock.move_by(2 * HOUR);
            let unit = shop.unit().with(Command::Expire(account(CAROL)));
            let unit = unit.with(Command::Post(shop.moving(BANK, ALICE, 70)));
            let first = asked_again(shop, unit.clone(), &[used]);
            let told = shop.done(first.clone()).await;
            assert_eq!(told.posted.len(), 2);

            let beside = shop.done(asked_again(shop, unit, &[used, fresh])).await;
            let alone = shop.done(giving(shop, &[fresh])).await;

            for again in [&beside, &alone] {
                assert_eq!(again.posted, told.posted);
                assert_eq!(again.replay_of, Some(first.author.correlationid));
            }
            assert_eq!(shop.balance(ALICE).await, 70);
        })
        .await;
    }
}

#[tokio::test]
async fn a_fresh_key_beside_a_refused_one_is_refused_ever_after() {
    for (used, fresh) in [(lasting("one"), request("one")), (request("one"), lasting("one"))] {
        at_both_entrances(async |shop| {
            shop.opened().await;
            let unit = shop.unit().with(Command::Post(shop.moving(ALICE, BANK, 5)));
            let first = asked_again(shop, unit.clone(), &[used]);
            let told = refused(shop, &first).await;
            shop.moves(BANK, ALICE, 5).await;

            let beside = refused(shop, &asked_again(shop, unit.clone(), &[fresh, used])).await;
            let alone = refused(shop, &asked_again(shop, unit, &[fresh])).await;

            assert_eq!(told.replay_of, None);
            for again in [beside, alone] {
                let replay_of = Some(first.author.correlationid);
                assert_eq!(again, Refused { replay_of, ..told.clone() });
            }
            assert_eq!(shop.balance(ALICE).await, 5);
        })
        .await;
    }
}

#[tokio::test]
async fn a_unit_with_a_reused_key_does_nothing_and_its_other_key_tells_so() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.done(giving(shop, &[lasting("one"), request("one")])).await;

        for keys in [[lasting("two"), other("one")], [other("one"), lasting("three")]] {
            let slip = giving(shop, &keys);
            let fresh = keys.into_iter().find(|it| *it != other("one")).expect("the fresh one");
            let told = refused(shop, &slip).await;
            let again = refused(shop, &giving(shop, &keys)).await;
            let alone = refused(shop, &giving(shop, &[fresh])).await;

            assert_eq!(told, Refusal::KeyReused.into());
            let replay_of = Some(slip.author.correlationid);
            assert_eq!((&again.replay_of, &again.refusal), (&replay_of, &told.refusal));
            assert_eq!(again, alone);
        }
        assert_eq!(shop.balance(ALICE).await, 70);
    })
    .await;
}

#[tokio::test]
async fn units_of_one_batch_that_share_a_key_have_one_effect() {
    let world = World::new().await;
    let shop = Shop::new(&world, Entrance::Sequencer, 1);
    shop.opened().await;
    let chain = ["one", "two", "three", "four", "five"].map(lasting);
    let units = chain.windows(2).map(|keys| giving(&shop, keys)).collect();

    let outcomes = world.sequencer.submit_all(units).await;

    let receipts: Vec<_> = outcomes.into_iter().map(|it| it.expect("a receipt")).collect();
    assert_eq!(receipts.iter().filter(|it| !it.is_replay()).count(), 2, "{receipts:#?}");
    assert_eq!(shop.balance(ALICE).await, 140, "the third shares no key with the first");
}

#[tokio::test]
async fn two_keys_in_either_order_at_both_entrances_at_once_have_one_effect() {
    let world = World::new().await;
    let shops = ENTRANCES.map(|by| Shop::new(&world, by, 1));
    let [shop, _] = &shops;
    shop.opened().await;
    let [one, two] = [lasting("one"), request("one")];

    let submits = (0..80).map(|n| {
        let keys = if n % 4 < 2 { [one, two] } else { [two, one] };
        shops[n % 2].submit(giving(shop, &keys))
    });
    let outcomes = join_all(submits).await;

    let receipts: Vec<_> = outcomes.into_iter().map(|it| it.expect("a receipt")).collect();
    assert_eq!(receipts.iter().filter(|it| !it.is_replay()).count(), 1);
    assert_eq!(shop.balance(ALICE).await, 70);
}

#[tokio::test]
async fn a_request_is_forgotten_after_a_day_and_what_lasts_never() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let keys = [lasting("one"), request("one")];
        shop.done(giving(shop, &keys)).await;
        let db = &shop.world.db;

        assert_eq!(forget_keys(db, at(DAY - 1)).await.expect("none is due"), 0);
        assert!(shop.done(giving(shop, &keys[1..])).await.is_replay());
        assert_eq!(forget_keys(db, at(DAY)).await.expect("one is due"), 1);

        assert!(shop.done(giving(shop, &keys[..1])).await.is_replay());
        assert!(!shop.done(giving(shop, &keys[1..])).await.is_replay(), "asked anew");
        assert_eq!(shop.balance(ALICE).await, 140);
        assert_eq!(forget_keys(db, at(DAY)).await.expect("one is due again"), 1);
    })
    .await;
}

#[tokio::test]
async fn a_callers_slip_is_held_against_a_lasting_key_for_a_day() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.done(giving(shop, &[request("one")])).await;
        let slip = giving(shop, &[lasting("two"), other("one")]);
        assert_eq!(refused(shop, &slip).await.refusal, Refusal::KeyReused);

        assert_eq!(refusal(shop.submit(giving(shop, &[lasting("two")])).await), Refusal::KeyReused);
        assert_eq!(forget_keys(&shop.world.db, at(DAY)).await.expect("both are due"), 2);

        assert!(!shop.done(giving(shop, &[lasting("two")])).await.is_replay());
        assert_eq!(forget_keys(&shop.world.db, at(365 * DAY)).await.expect("none is due"), 0);
    })
    .await;
}

#[tokio::test]
async fn more_keys_than_one_commit_forgets_are_all_forgotten() {
    let world = World::new().await;
    let shop = Shop::new(&world, Entrance::Sequencer, 1);
    let keys = (0..2_001).map(|n| request(&n.to_string()));
    let units = keys.map(|it| asked_again(&shop, shop.unit(), &[it])).collect();
    for outcome in world.sequencer.submit_all(units).await {
        outcome.expect("nothing is asked for");
    }

    assert_eq!(forget_keys(&world.db, at(DAY)).await.expect("all are due"), 2_001);
    assert_eq!(world.database.number("select count(*) from socle_shop.idempotency").await, 0);
}

#[tokio::test]
async fn a_unit_has_few_keys() {
    let world = World::new().await;
    let shop = Shop::new(&world, Entrance::Sequencer, 1);
    let full = (0..KEYS_MAX).map(|n| lasting(&n.to_string())).fold(shop.unit(), Unit::keyed);

    let one_more = std::panic::catch_unwind(|| full.clone().keyed(request("more")));

    assert_eq!(full.keys.len(), 2);
    assert!(one_more.is_err(), "more are a mistake of the program");
}
