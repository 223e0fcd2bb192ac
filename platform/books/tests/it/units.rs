//! Units: all or nothing, many at once, and what they would do.

use futures_util::future::join_all;
use socle_books::{Command, Error, Refusal, Unit, post};
use socle_db::Tx;

use crate::{
    shop::{ALICE, BANK, BOB, CAROL, DAY, HOUR, Shop, at_both_entrances},
    world::{ENTRANCES, Entrance, World, account, amount, refusal},
};

fn insufficient(n: u32, available: i32, asked: i32) -> Refusal {
    let (available, asked) = (amount(available), amount(asked));
    Refusal::Insufficient { account: account(n), available, asked }
}

#[tokio::test]
async fn a_chain_takes_effect_in_order_within_itself() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        let chain = [(BANK, ALICE, 10), (ALICE, BOB, 10), (BOB, BANK, 3)];
        let chain = chain.map(|(from, to, minor)| Command::Post(shop.moving(from, to, minor)));

        let receipt = shop.done(chain.into_iter().fold(shop.unit(), Unit::with)).await;

        let numbers: Vec<_> = receipt.posted.iter().map(|it| it.number).collect();
        assert_eq!(numbers, [1, 2, 3]);
        let balances = [shop.balance(BANK).await, shop.balance(ALICE).await];
        assert_eq!((balances, shop.balance(BOB).await), ([-7, 0], 7));
    })
    .await;
}

#[tokio::test]
async fn a_refusal_in_the_middle_of_a_chain_leaves_nothing_of_it() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.moves(BANK, ALICE, 10).await;
        shop.earns(10, Some(HOUR)).await;
        let held = shop.holds(ALICE, BOB, 4, DAY).await;
        let chain = [
            crate::world::open(30, socle_books::Bounds::NONE),
            Command::Post(shop.moving(BANK, ALICE, 5)),
            Command::Post(shop.earning(7, 0, None)),
            Command::Post(shop.moving(CAROL, BANK, 12)),
            Command::Hold(shop.holding(CAROL, BANK, 2, DAY)),
            Command::Void(held),
            Command::Post(shop.moving(BOB, BANK, 1)),
            Command::Post(shop.moving(BANK, ALICE, 5)),
        ];

        let refused = shop.refused(chain.into_iter().fold(shop.unit(), Unit::with)).await;
        let number = shop.moves(BANK, ALICE, 1).await.number;

        assert_eq!(refused, insufficient(BOB, 0, 1));
        assert_eq!(number, 3, "the journal has no gap");
    })
    .await;
}

#[tokio::test]
async fn many_units_have_an_outcome_each_and_one_refusal_harms_no_other() {
    let world = World::new().await;
    let shop = Shop::new(&world, Entrance::Sequencer, 1);
    shop.opened().await;
    let moves = [(BANK, ALICE, 10), (ALICE, BOB, 11), (ALICE, BOB, 10), (BOB, BANK, 11)];
    let moves = moves.map(|(from, to, minor)| Command::Post(shop.moving(from, to, minor)));

    let units = moves.into_iter().map(|it| shop.unit().with(it)).collect();
    let outcomes = world.sequencer.submit_all(units).await;

    let [Ok(first), second, Ok(third), fourth] = <[_; 4]>::try_from(outcomes).expect("four") else {
        panic!("the first and the third take effect")
    };
    assert_eq!((first.posted[0].number, third.posted[0].number), (1, 2));
    assert_eq!(refusal(second), insufficient(ALICE, 10, 11));
    assert_eq!(refusal(fourth), insufficient(BOB, 10, 11));
}

#[tokio::test]
async fn thousands_of_units_go_in_by_batches() {
    let world = World::new().await;
    let shop = Shop::new(&world, Entrance::Sequencer, 1);
    shop.opened().await;

    let units = (0..9_000).map(|_| shop.unit().with(Command::Post(shop.moving(BANK, ALICE, 1))));
    let outcomes = world.sequencer.submit_all(units.collect()).await;

    let numbers = outcomes.iter().map(|it| it.as_ref().expect("done").posted[0].number);
    assert!(numbers.eq(1..=9_000));
    assert_eq!(shop.balance(ALICE).await, 9_000);
    let batches = "select count(distinct xmin::text) from socle_shop.transfer where tenant_id = $1";
    assert!((2..=20).contains(&shop.number(batches).await), "at most 4,000 commands a batch");
}

#[tokio::test]
async fn a_preview_changes_nothing_and_tells_what_then_happens() {
    at_both_entrances(async |shop| {
        shop.opened().await;
        shop.earns(10, Some(HOUR)).await;
        shop.earns(20, None).await;
        let unit = shop.unit().with(Command::Post(shop.moving(CAROL, BANK, 15)));
        let unit = unit.with(Command::Post(shop.moving(BANK, ALICE, 5)));
        let beyond = shop.unit().with(Command::Post(shop.moving(CAROL, BANK, 31)));
        let before = shop.rows().await;

        let mut told = shop.preview(&unit).await.expect("it would take effect");
        let refused = refusal(shop.preview(&beyond).await);

        assert_eq!(shop.rows().await, before);
        assert_eq!(told.posted.iter().map(|it| it.number).collect::<Vec<_>>(), [0, 0]);
        let done = shop.done(unit).await;
        for (told, done) in told.posted.iter_mut().zip(&done.posted) {
            told.number = done.number;
        }
        assert_eq!(told, done);
        assert_eq!(refused, insufficient(CAROL, 30, 31));
    })
    .await;
}

#[tokio::test]
async fn journal_numbers_have_no_gap_whatever_is_refused_at_both_entrances_at_once() {
    let world = World::new().await;
    let shops = [(0, 1), (1, 1), (0, 2), (1, 2)]
        .map(|(by, tenant): (usize, u128)| Shop::new(&world, ENTRANCES[by], tenant));
    shops[0].opened().await;
    shops[2].opened().await;
    let ids: Vec<_> = (0..200).map(|_| shops[0].id()).collect();

    let submits = ids.iter().enumerate().map(|(n, id)| {
        let shop = &shops[n % 4];
        let refused = n % 3 == 0;
        let (from, to) = if refused { (BOB, ALICE) } else { (BANK, ALICE) };
        let transfer = socle_books::Transfer { id: *id, ..shop.moving(from, to, 1) };
        shop.submit(shop.unit().with(Command::Post(transfer)))
    });
    let outcomes = join_all(submits).await;

    let is_refused = |it: &Result<_, Error>| matches!(it, Err(Error::Refused(_)));
    assert_eq!(outcomes.iter().filter(|it| is_refused(it)).count(), 67);
    assert_eq!(outcomes.iter().filter(|it| it.is_ok()).count(), 133);
    for shop in [&shops[0], &shops[2]] {
        let posted = "select count(*) from socle_shop.transfer where tenant_id = $1";
        let posted = shop.number(posted).await;
        let last = "select number from socle_shop.journal where tenant_id = $1";
        let highest = "select max(number) from socle_shop.transfer where tenant_id = $1";
        let numbers = (shop.number(last).await, shop.number(highest).await);
        assert_eq!(numbers, (posted, posted));
        assert_eq!(shop.balance(ALICE).await, posted);
    }
}

#[tokio::test]
async fn a_hold_ends_between_two_units_of_one_batch() {
    let world = World::new().await;
    let shop = Shop::new(&world, Entrance::Sequencer, 1);
    shop.opened().await;
    shop.moves(BANK, ALICE, 10).await;
    let hold = shop.holding(ALICE, BOB, 10, HOUR);
    let place = shop.unit().with(Command::Hold(hold));
    let early = shop.unit().with(Command::Post(shop.moving(ALICE, BANK, 1)));
    shop.clock.move_by(HOUR);
    let late = shop.unit().with(Command::Post(shop.moving(ALICE, BANK, 10)));

    let outcomes = world.sequencer.submit_all(vec![place, early, late]).await;

    let [Ok(_), early, Ok(_)] = <[_; 3]>::try_from(outcomes).expect("three") else {
        panic!("the hold is placed, and ends before the last unit")
    };
    assert_eq!(refusal(early), insufficient(ALICE, 0, 1));
    assert_eq!(shop.figures(ALICE).await, (0, 0, 0));
}

#[tokio::test]
async fn several_units_in_a_callers_transaction_take_effect_with_it_or_not_at_all() {
    let world = World::new().await;
    let shop = Shop::new(&world, Entrance::Transaction, 1);
    shop.opened().await;
    let first = shop.unit().with(Command::Post(shop.moving(BANK, ALICE, 10)));
    let second = shop.unit().with(Command::Post(shop.moving(ALICE, BOB, 10)));
    let beyond = shop.unit().with(Command::Post(shop.moving(ALICE, BOB, 1)));
    let in_one = async |units: [&Unit; 3]| {
        let work = async |tx: &mut Tx| -> Result<(), Error> {
            for unit in units {
                post(tx, unit).await?;
            }
            Ok(())
        };
        world.db.run(&shop.cx(), work).await
    };
    let before = shop.rows().await;

    let refused = refusal(in_one([&first, &second, &beyond]).await);
    let after_refusal = shop.rows().await;
    in_one([&first, &second, &first]).await.expect("they take effect");

    assert_eq!(refused, insufficient(ALICE, 0, 1));
    assert!(after_refusal == before, "the transaction is one");
    assert_eq!((shop.balance(ALICE).await, shop.balance(BOB).await), (0, 10));
    let number = "select number from socle_shop.journal where tenant_id = $1";
    assert_eq!(shop.number(number).await, 2);
}
