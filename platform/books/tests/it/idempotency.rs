//! Idempotency: a repetition gets the first answer and has no second effect.

use futures_util::future::join_all;
use socle_books::{
    Capture, Command, Error, Key, Leg, Memo, Receipt, Refusal, Reversal, Row, Table, Transfer,
    Unit, post,
};
use socle_db::Tx;
use socle_kernel::Fault;

use crate::{
    shop::{ALICE, BANK, BOB, CAROL, DAY, HOUR, Shop, at_both_entrances},
    world::{ENTRANCES, Entrance, World, account, amount, only, refusal},
};

fn key(name: &str) -> Key {
    Key::new("person/transfers", name, &"the same content")
}

/// A transaction that keeps what the books answered, refusals too.
pub(crate) async fn kept(shop: &Shop<'_>, unit: &Unit) -> Result<Receipt, Error> {
    let work = async |tx: &mut Tx| -> Result<_, Fault> { Ok(post(tx, unit).await) };
    shop.world.db.run(&shop.cx(), work).await.expect("the transaction commits")
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer_and_no_second_effect() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let mut transfer = shop.moving(BANK, ALICE, 70);
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        transfer.memo = Memo {
            reason: Some("welcome".to_owned()),
            metadata: vec![pair("z", "1"), pair("a", "2"), pair("a", "10"), pair("z", "1")],
        };
        let unit = shop.unit().keyed(key("one")).with(Command::Post(transfer));

        let first = shop.done(unit.clone()).await;
        let once = shop.rows().await;
        shop.clock.move_by(HOUR);
        let again = shop.done(Unit { now: shop.clock.now(), ..unit }).await;

        assert_eq!((first.is_replay(), again.is_replay()), (false, true));
        assert_eq!(first.posted, again.posted);
        let metadata = [pair("a", "10"), pair("a", "2"), pair("z", "1")];
        assert_eq!(only(&first).metadata, metadata);
        assert_eq!(only(&first).reason.as_deref(), Some("welcome"));
        assert_eq!(shop.rows().await, once);
    })
    .await;
}

#[tokio::test]
async fn a_replay_tells_of_what_the_books_added_too() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.earns(10, Some(HOUR)).await;
        let burn = shop.moves(CAROL, BANK, 10).await;
        shop.earns(20, Some(HOUR)).await;
        shop.clock.move_by(2 * HOUR);
        let of = burn.id;
        let reversal =
            Reversal { id: shop.id(), of, kind: "reverse".to_owned(), memo: Memo::default() };
        let unit = shop.unit().keyed(key("reverse")).with(Command::Reverse(reversal));
        let unit = unit.with(Command::Expire(account(CAROL)));

        let first = shop.done(unit.clone()).await;
        let again = shop.done(unit).await;

        let kinds: Vec<_> = first.posted.iter().map(|it| it.kind.as_str()).collect();
        assert_eq!(kinds, ["reverse", "expire", "expire"]);
        assert_eq!(first.posted, again.posted);
    })
    .await;
}

#[tokio::test]
async fn a_unit_answers_in_the_order_of_its_commands_what_is_new_and_what_was_there() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let there = shop.moving(BANK, ALICE, 1);
        shop.does(Command::Post(there.clone())).await;
        let (one, two) = (shop.moving(BANK, ALICE, 2), shop.moving(BANK, ALICE, 3));
        let ids = [one.id, there.id, two.id];
        let unit = [one, there, two].map(Command::Post).into_iter().fold(shop.unit(), Unit::with);
        let unit = unit.keyed(key("mixed"));

        let first = shop.done(unit.clone()).await;
        let again = shop.done(unit).await;

        assert_eq!(first.posted.iter().map(|it| it.id).collect::<Vec<_>>(), ids);
        assert_eq!(first.posted, again.posted);
        assert_eq!(first.posted.iter().map(|it| it.number).collect::<Vec<_>>(), [2, 1, 3]);
        assert_eq!(shop.balance(ALICE).await, 6);
    })
    .await;
}

#[tokio::test]
async fn another_request_under_a_used_key_is_refused() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let unit = shop.unit().with(Command::Post(shop.moving(BANK, ALICE, 70)));
        shop.done(unit.keyed(key("one"))).await;

        let other = Key::new("person/transfers", "one", &"another content");
        let unit = shop.unit().with(Command::Post(shop.moving(BANK, ALICE, 71)));
        let refused = shop.refused(unit.clone().keyed(other)).await;
        shop.done(unit.keyed(Key::new("person/refunds", "one", &"another content"))).await;

        assert_eq!(refused, Refusal::KeyReused);
        assert_eq!(shop.balance(ALICE).await, 141, "another scope is another key");
    })
    .await;
}

#[tokio::test]
async fn a_refusal_is_replayed_even_when_the_unit_would_be_possible_by_now() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let unit = shop.unit().with(Command::Post(shop.moving(ALICE, BANK, 5)));
        let unit = unit.keyed(key("one"));
        let submit = async |unit: &Unit| match shop.by {
            Entrance::Sequencer => shop.submit(unit.clone()).await,
            Entrance::Transaction => kept(shop, unit).await,
        };

        let first = refusal(submit(&unit).await);
        shop.moves(BANK, ALICE, 5).await;
        let again = refusal(submit(&unit).await);

        let (account, available, asked) = (account(ALICE), amount(0), amount(5));
        assert_eq!(first, Refusal::Insufficient { account, available, asked });
        assert_eq!(again, first);
        assert_eq!(shop.balance(ALICE).await, 5);
    })
    .await;
}

#[tokio::test]
async fn a_transaction_that_is_rolled_back_keeps_neither_key_nor_refusal() {
    let world = World::new().await;
    let shop = Shop::new(&world, Entrance::Transaction, 1);
    shop.opened().await;
    let unit = shop.unit().with(Command::Post(shop.moving(ALICE, BANK, 5))).keyed(key("one"));
    shop.refused(unit.clone()).await;
    shop.moves(BANK, ALICE, 5).await;

    let receipt = shop.done(unit).await;

    assert!(!receipt.is_replay());
    assert_eq!(shop.balance(ALICE).await, 0);
}

#[tokio::test]
async fn every_kind_of_refusal_can_be_kept_and_told_again() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let hold = shop.holds(BANK, ALICE, 5, DAY).await;
        shop.does(Command::Void(hold)).await;
        let capture = Capture { id: shop.id(), hold, amount: None, memo: Memo::default() };
        let legs = vec![Leg::debit(account(BANK), amount(2)), Leg::credit(account(BOB), amount(1))];
        let refused = [
            Command::Capture(capture),
            Command::Post(Transfer { legs, ..shop.moving(BANK, BOB, 1) }),
            Command::Post(Transfer { legs: Vec::new(), ..shop.moving(BANK, BOB, 1) }),
            Command::Post(shop.moving(BANK, 77, 1)),
            Command::Void(shop.id()),
            Command::Hold(shop.holding(BANK, BOB, 0, DAY)),
        ];

        for (place, command) in refused.into_iter().enumerate() {
            let unit = shop.unit().with(command).keyed(key(&place.to_string()));
            let first = refusal(kept(shop, &unit).await);
            let again = refusal(shop.submit(unit).await);
            assert_eq!(first, again);
        }
    })
    .await;
}

#[tokio::test]
async fn the_same_identifier_with_the_same_content_is_the_same_transfer() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.moves(BANK, ALICE, 70).await;
        let all = shop.moving(ALICE, BOB, 70);
        let first = shop.does(Command::Post(all.clone())).await;
        let once = shop.rows().await;

        let again = shop.does(Command::Post(all.clone())).await;
        let other = Transfer { kind: "other".to_owned(), ..all };
        let reused = shop.denies(Command::Post(other)).await;

        assert_eq!(only(&first), only(&again), "though Alice has nothing left");
        assert!(!again.is_replay(), "the unit is new, its transfer is not");
        assert_eq!(reused, Refusal::IdReused);
        assert_eq!(shop.rows().await, once);
    })
    .await;
}

#[tokio::test]
async fn the_same_capture_is_posted_once() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let hold = shop.holds(BANK, ALICE, 5, DAY).await;
        let capture = Capture { id: shop.id(), hold, amount: None, memo: Memo::default() };
        let first = shop.does(Command::Capture(capture.clone())).await;

        let again = shop.does(Command::Capture(capture.clone())).await;
        let other = Capture { amount: Some(amount(5)), ..capture };
        let reused = shop.denies(Command::Capture(other)).await;

        assert_eq!(only(&first), only(&again));
        assert_eq!(reused, Refusal::IdReused);
        assert_eq!(shop.balance(ALICE).await, 5);
    })
    .await;
}

#[tokio::test]
async fn of_100_submits_with_one_key_one_takes_effect_and_all_get_its_receipt() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let unit = shop.unit().with(Command::Post(shop.moving(BANK, ALICE, 70)));
        let unit = unit.keyed(key("one"));

        let outcomes = join_all((0..100).map(|_| shop.submit(unit.clone()))).await;

        let receipts: Vec<_> =
            outcomes.into_iter().map(|it| it.expect("each gets a receipt")).collect();
        assert_eq!(receipts.iter().filter(|it| !it.is_replay()).count(), 1);
        assert!(receipts.iter().all(|it| it.posted == receipts[0].posted));
        assert_eq!(shop.balance(ALICE).await, 70);
    })
    .await;
}

#[tokio::test]
async fn of_40_submits_of_one_transfer_without_a_key_one_takes_effect() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.moves(BANK, ALICE, 70).await;
        let unit = shop.unit().with(Command::Post(shop.moving(ALICE, BOB, 70)));

        let outcomes = join_all((0..40).map(|_| shop.submit(unit.clone()))).await;

        for outcome in &outcomes {
            let receipt = outcome.as_ref().expect("each gets a receipt");
            assert_eq!(only(receipt).number, 2);
        }
        assert_eq!(shop.balance(BOB).await, 70);
    })
    .await;
}

#[tokio::test]
async fn one_key_at_both_entrances_at_once_takes_effect_once() {
    let world = World::new().await;
    let shops = ENTRANCES.map(|by| Shop::new(&world, by, 1));
    let [shop, _] = &shops;
    shop.opened().await;
    let unit = shop.unit().with(Command::Post(shop.moving(BANK, ALICE, 70))).keyed(key("one"));

    let submits = (0..60).map(|n| shops[n % 2].submit(unit.clone()));
    let outcomes = join_all(submits).await;

    let receipts: Vec<_> = outcomes.into_iter().map(|it| it.expect("a receipt")).collect();
    assert_eq!(receipts.iter().filter(|it| !it.is_replay()).count(), 1);
    assert!(receipts.iter().all(|it| it.posted == receipts[0].posted));
    assert_eq!(shop.balance(ALICE).await, 70);
}

#[tokio::test]
async fn the_keys_of_two_tenants_are_apart() {
    for by in ENTRANCES {
        let world = World::new().await;
        for tenant in [1, 2] {
            let shop = Shop::new(&world, by, tenant);
            shop.opened().await;
            let unit = shop.unit().with(Command::Post(shop.moving(BANK, ALICE, 70)));

            let receipt = shop.done(unit.keyed(key("one"))).await;

            assert!(!receipt.is_replay());
            assert_eq!(shop.balance(ALICE).await, 70);
        }
    }
}

#[tokio::test]
async fn rows_of_ones_own_need_a_key() {
    static NOTES: Table = Table { name: "socle_shop.note", columns: "tenant_id, id" };
    at_both_entrances(async |shop| {
        shop.opened().await;
        let row = Row { table: &NOTES, values: serde_json::json!({}) };
        let unit = shop.unit().with(Command::Post(shop.moving(BANK, ALICE, 70))).with_row(row);

        assert_eq!(shop.refused(unit).await, Refusal::KeyMissing);
    })
    .await;
}
